import { attempt, type Outgoing, type Reply } from './attempt.ts';
import { KittiwakeClientError, outcomeUnknown } from './errors.ts';
import type { Settings } from './options.ts';

const MAX_BACKOFF_MS = 5_000;

/** Refusals after which nothing was written. */
const NOTHING_DONE = new Set([
  'contention',
  'keys_unavailable',
  'passwords_busy',
  'rate_limited',
  'search_busy',
]);

/** Failures after which a write may have happened. */
const UNKNOWN = new Set(['answer_invalid', 'network_failed', 'outcome_unknown', 'timed_out']);

/** Of connections that were never made, as Node, Deno and Bun name them. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ConnectionRefused', 'ENOTFOUND', 'EAI_AGAIN']);

/** What another attempt may do harm to. */
export interface Safety {
  /** Reads, and writes with a key. */
  readonly repeatable: boolean;
  /** Of a write that is carried out once for it. */
  readonly key: string | undefined;
}

/** `unknown`: it may have been carried out; `broken`: the same, and more attempts promise little. */
type Verdict = 'final' | 'again' | 'broken' | 'unknown';

/** What the attempts of a call came to so far. */
interface Course {
  attempts: number;
  /** Those that count against `retries`. */
  refused: number;
  isUnknown: boolean;
}

/**
 * Sends a request until it is answered. What was surely not carried out is sent again `retries` times; a write whose
 * outcome is unknown, until the deadline, with the same key.
 * @throws KittiwakeClientError `outcome_unknown` with the key of the write; else what the last attempt failed with
 * @throws the reason of its signal
 */
export async function send(outgoing: Outgoing, safety: Safety, settings: Settings): Promise<Reply> {
  const { deadlineMs, timeoutMs, onRetry } = settings;
  const endMs = performance.now() + deadlineMs;
  const course: Course = { attempts: 0, refused: 0, isUnknown: false };
  for (;;) {
    const leftMs = Math.max(1, endMs - performance.now());
    try {
      return await attempt(outgoing, settings, Math.min(timeoutMs, leftMs));
    } catch (error) {
      if (!(error instanceof KittiwakeClientError)) throw error;
      const waitMs = waitAfter(error, course, safety, settings);
      if (waitMs === undefined || performance.now() + waitMs >= endMs)
        throw told(outgoing.endpoint, error, course, safety);
      onRetry({ endpoint: outgoing.endpoint, attempts: course.attempts, waitMs, error });
      await pause(waitMs, outgoing.signal);
    }
  }
}

/** Milliseconds until the next attempt; undefined: there is to be none. */
function waitAfter(
  error: KittiwakeClientError,
  course: Course,
  safety: Safety,
  { retries, backoffMs }: Settings,
): number | undefined {
  course.attempts += 1;
  const verdict = judge(error, safety);
  if (verdict === 'unknown' || verdict === 'broken') course.isUnknown = true;
  if (verdict !== 'unknown') course.refused += 1;
  if (verdict === 'final' || course.refused > retries) return undefined;
  const longest = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (course.attempts - 1));
  const { retryAfterMs } = error.data;
  return (typeof retryAfterMs === 'number' ? retryAfterMs : 0) + Math.random() * longest;
}

function judge(error: KittiwakeClientError, { repeatable, key }: Safety): Verdict {
  if (error.status === 429 || NOTHING_DONE.has(error.code) || isNeverSent(error)) return 'again';
  if (!error.retryable || !repeatable) return 'final';
  if (key === undefined) return 'again';
  if (UNKNOWN.has(error.code)) return 'unknown';
  return error.code === 'internal' ? 'broken' : 'again';
}

function isNeverSent({ code, cause }: KittiwakeClientError): boolean {
  return code === 'network_failed' && codesOf(cause).some(each => NEVER_SENT.has(each));
}

function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, cause, errors }: { code?: unknown; cause?: unknown; errors?: unknown } = error;
  const inner = Array.isArray(errors) ? errors : [cause];
  return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap(codesOf)];
}

/** What an attempt may have done, no refusal that came before the write was looked up takes back. */
function told(
  endpoint: string,
  error: KittiwakeClientError,
  { isUnknown }: Course,
  { key }: Safety,
): KittiwakeClientError {
  return isUnknown && key !== undefined && !settles(error) ? outcomeUnknown(endpoint, key, error) : error;
}

function settles({ status, code }: KittiwakeClientError): boolean {
  return status >= 400 && status < 500 && ![401, 403, 429].includes(status) && !UNKNOWN.has(code);
}

/** @throws the reason of the signal */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
