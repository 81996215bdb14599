import { buffer } from 'node:stream/consumers';
import type { OpenAnswer } from './exchange.ts';
import type { FunctionError } from './function-error.ts';
import { PRELUDE_TYPE, type Prelude, takePrelude } from './prelude.ts';

/** What is known of an invocation when it is over. */
export interface InvocationReport {
  requestId: string;
  /** Set when the function failed, before its answer or in the middle of it. */
  error: FunctionError | undefined;
  /** Start of the process to its first request for an event; only in the first invocation of a process. */
  initMs: number | undefined;
  /** Start of the process to the last byte of the answer; only in the first invocation of a process. */
  sinceStartMs: number | undefined;
  /** Event handed over to the last byte of the answer; 0 when init failed. */
  durationMs: number;
  /** What the process wrote since the invocation before, init included. */
  log: string[];
}

/** An answer under way. The environment takes no other event before `completed`. */
export interface OpenInvocation extends OpenAnswer {
  requestId: string;
  completed: Promise<InvocationReport>;
}

/** An invocation with all of its answer. */
export interface InvokeResult extends InvocationReport {
  /** The answer as bytes, of a streamed one what follows the metadata; of a failure the error as JSON. */
  payload: Buffer;
  /** Set when the answer was streamed; `error` is then what broke it off. */
  streamed: { contentType: string; prelude: Prelude | undefined } | undefined;
}

/** Waits for the end of an invocation. */
export async function resultOf(invocation: OpenInvocation): Promise<InvokeResult> {
  const { isStreamed, contentType, body, completed } = invocation;
  if (!isStreamed) return { payload: await buffer(body), streamed: undefined, ...(await completed) };
  const hasPrelude = contentType === PRELUDE_TYPE;
  const { prelude, rest } = hasPrelude ? await takePrelude(body) : { prelude: undefined, rest: body };
  return { payload: await buffer(rest), streamed: { contentType, prelude }, ...(await completed) };
}
