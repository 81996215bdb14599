import { answerInvalid, isPassing, KittiwakeClientError, networkFailed, timedOut } from './errors.ts';
import type { Settings } from './options.ts';

/** A request that may be sent several times. */
export interface Outgoing {
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Blob | undefined;
  /** The answer's body is not read: whoever asks does. */
  readonly streams: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the body; undefined: there was none, or it is not read. */
  readonly data: unknown;
  /** With its body, where that was not read. */
  readonly response: Response;
}

/**
 * Sends a request once.
 * @throws KittiwakeClientError the refusal, `network_failed`, `timed_out`, `answer_invalid`
 * @throws the reason of `signal` when it is aborted
 */
export async function attempt(
  outgoing: Outgoing,
  { fetch }: Pick<Settings, 'fetch'>,
  timeoutMs: number,
): Promise<Reply> {
  const { endpoint, signal } = outgoing;
  signal?.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await exchange(outgoing, fetch, signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KittiwakeClientError) throw error;
    throw late.signal.aborted ? timedOut(endpoint, timeoutMs) : networkFailed(endpoint, error);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(outgoing: Outgoing, fetch: Settings['fetch'], signal: AbortSignal): Promise<Reply> {
  const { endpoint, method, url, headers, body, streams } = outgoing;
  const init: RequestInit = { method, headers, signal, ...(body === undefined ? {} : { body }) };
  const response = await fetch(url, init);
  const { status } = response;
  const isAnswer = response.ok || status === 304;
  if (isAnswer && streams) return { status, headers: response.headers, data: undefined, response };
  const text = await response.text();
  if (!isAnswer) throw refusalOf(endpoint, response, text);
  const data = text === '' ? undefined : parsed(endpoint, status, text);
  return { status, headers: response.headers, data, response };
}

function refusalOf(endpoint: string, { status, headers }: Response, text: string): KittiwakeClientError {
  const retryAfter = headers.get('retry-after');
  const wait = retryAfter === null ? {} : { retryAfterMs: millisecondsOf(retryAfter) };
  const { error, code, request_id, ...data } = fieldsOf(text);
  if (typeof code !== 'string' || typeof error !== 'string')
    return answerInvalid(endpoint, status, { data: wait });
  return new KittiwakeClientError(code, error, {
    status,
    data: { ...data, ...wait },
    requestId: typeof request_id === 'string' ? request_id : undefined,
    retryable: isPassing(status),
  });
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function parsed(endpoint: string, status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw answerInvalid(endpoint, status, { cause });
  }
}

/** Retry-After: seconds, or a date (RFC 9110, 10.2.3). */
function millisecondsOf(retryAfter: string): number {
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
