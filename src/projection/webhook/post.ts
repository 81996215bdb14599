import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { monotonicMs } from '../../core/runtime.ts';
import type { Ranges } from '../../net/addresses.ts';
import { checkedAddress, pinnedTo, type Resolve } from '../../net/checked-address.ts';
import { within } from '../within.ts';
import { urlProblem } from './check-webhook.ts';

/** Of one request. */
const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 3;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostOptions {
  allowed: Ranges;
  /** Default: the resolver of the system. */
  resolve?: Resolve;
  /** Certificate authorities besides which none is trusted, in PEM. Default: those of Node. */
  ca?: string;
}

export interface PostRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** The most that all of it takes. */
  timeoutMs: number;
}

export type Posted = { kind: 'answered'; status: number } | { kind: 'failed'; code: string; reason: string };

type Answer = Posted & { location?: string | undefined };

/**
 * Sends a POST to where the URL leads, over as many as three redirects, which keep the method. Each target is looked up here, all of
 * its addresses must be ones that may be reached, and the connection is made to the very address that was checked: an answer of the
 * name service that differs the next time leads nowhere. Of the answer nothing but the status is kept.
 */
export async function post(request: PostRequest, options: PostOptions): Promise<Posted> {
  const untilMs = monotonicMs() + request.timeoutMs;
  let url = new URL(request.url);
  for (let redirects = 0; ; redirects += 1) {
    const timeoutMs = Math.min(TIMEOUT_MS, Math.ceil(untilMs - monotonicMs()));
    if (timeoutMs <= 0) return failed('webhook_timeout', 'there was no time left');
    const { location, ...answer } = await postTo(url, { ...request, timeoutMs }, options);
    if (location === undefined) return answer;
    const next = URL.parse(location, url.href);
    const problem =
      redirects === MAX_REDIRECTS ? `more than ${MAX_REDIRECTS} of them` : redirectProblem(url, next);
    if (next === null || problem !== undefined)
      return failed('webhook_redirect_refused', `a redirect was not followed: ${problem}`);
    url = next;
  }
}

function redirectProblem(from: URL, to: URL | null): string | undefined {
  if (to === null) return 'it leads to no URL';
  return from.protocol === 'https:' && to.protocol !== 'https:' ? 'it leads away from https' : undefined;
}

async function postTo(url: URL, request: PostRequest, options: PostOptions): Promise<Answer> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  const problem = urlProblem(url, options.allowed);
  if (problem !== undefined) return failed('webhook_address_refused', problem);
  try {
    const address = await within(
      request.timeoutMs,
      () => checkedAddress(url.hostname, options),
      `Looking up "${url.hostname}"`,
    );
    if (address === undefined)
      return failed('webhook_address_refused', `"${url.hostname}" is not at public addresses alone`);
    return await send(url, address, { ...request, signal, ca: options.ca });
  } catch (error) {
    if (signal.aborted || (error instanceof DOMException && error.name === 'TimeoutError'))
      return failed('webhook_timeout', `no answer within ${request.timeoutMs} ms`);
    const { code, message } = error as NodeJS.ErrnoException;
    return failed('webhook_unreachable', code ?? message);
  }
}

function send(
  url: URL,
  address: LookupAddress,
  { headers, body, signal, ca }: PostRequest & { signal: AbortSignal; ca: string | undefined },
): Promise<Answer> {
  const { request } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http');
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup: pinnedTo(address),
    signal,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const call = request(url, options, async answer => {
      await drained(answer).catch(() => {});
      call.destroy();
      resolve(answerOf(answer));
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Reads as much of an answer as lets its server end it. What stops it does not change its status. */
async function drained(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return;
  }
}

function answerOf({ statusCode: status = 0, headers: { location } }: IncomingMessage): Answer {
  const isRedirect = [301, 302, 307, 308].includes(status) && location !== undefined;
  return { kind: 'answered', status, location: isRedirect ? location : undefined };
}

function failed(code: string, reason: string): Posted {
  return { kind: 'failed', code, reason: reason.slice(0, 200) };
}
