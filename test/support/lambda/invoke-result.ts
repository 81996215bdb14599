import { buffer } from 'node:stream/consumers';
import type { InvocationReport, OpenInvocation } from './function-environment.ts';
import { PRELUDE_TYPE, type Prelude, takePrelude } from './prelude.ts';

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
