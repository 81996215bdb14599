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
  /** `manual`: redirects are answers. */
  readonly redirect: 'follow' | 'manual';
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
  const stop = new AbortController();
  const isLate = { value: false };
  const timer = setTimeout(() => {
    isLate.value = true;
    stop.abort();
  }, timeoutMs);
  const pass = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', pass);
  try {
    return await exchange(outgoing, fetch, stop.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KittiwakeClientError) throw error;
    throw isLate.value ? timedOut(endpoint, timeoutMs) : networkFailed(endpoint, error);
  } finally {
    clearTimeout(timer);
    // The body of a stream is read later, and is to be aborted then.
    if (!outgoing.streams) signal?.removeEventListener('abort', pass);
  }
}

async function exchange(outgoing: Outgoing, fetch: Settings['fetch'], signal: AbortSignal): Promise<Reply> {
  const { endpoint, method, url, headers, body, redirect } = outgoing;
  const init: RequestInit = { method, headers, redirect, signal, ...(body === undefined ? {} : { body }) };
  const response = await fetch(url, init);
  const { status } = response;
  if (isAnswer(response, outgoing) && outgoing.streams)
    return { status, headers: response.headers, data: undefined, response };
  const text = await response.text();
  if (!isAnswer(response, outgoing)) throw refusalOf(endpoint, response, text);
  return {
    status,
    headers: response.headers,
    data: text === '' ? undefined : parsed(endpoint, status, text),
    response,
  };
}

/** 304 and, where they are not followed, redirects; browsers show those as status 0. */
function isAnswer({ ok, status, type }: Response, { redirect }: Outgoing): boolean {
  const isRedirect = type === 'opaqueredirect' || status === 307;
  return ok || status === 304 || (isRedirect && redirect === 'manual');
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
