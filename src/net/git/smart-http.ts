import type { ClientRequest, IncomingMessage } from 'node:http';
import { isKittiwakeError } from '../../core/errors.ts';
import type { Ranges } from '../addresses.ts';
import { checkedAddress, pinnedTo, type Resolve } from '../checked-address.ts';
import { remoteDenied, remoteFailed, remoteUnreachable, remoteUrlRefused } from '../errors.ts';
import type { RemoteUrl } from './remote-url.ts';

/** How long a server may be silent. */
const SILENCE_MS = 60_000;
const MAX_REDIRECTS = 5;
const SEND_BUFFER_BYTES = 256 << 10;

export interface RemoteOptions {
  /** Addresses that may be reached besides public ones; `any`: whoever asks may reach what this machine does. */
  allowed: Ranges | 'any';
  /** Default: the resolver of the system. */
  resolve?: Resolve | undefined;
  /** Certificate authorities besides which none is trusted, in PEM. Default: those of Node. */
  ca?: string | undefined;
  /** How long a server may be silent. Default 60 s. */
  silenceMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface RemoteRequest {
  method: 'GET' | 'POST';
  /** Behind the URL of the repository: `/info/refs?…`. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** What is not at hand is sent as it comes. */
  body?: string | AsyncIterable<Uint8Array>;
}

export interface RemoteAnswer {
  body: AsyncIterable<Uint8Array>;
  contentType: string;
  /** Where the repository is: elsewhere, when the first request was redirected. */
  remote: RemoteUrl;
}

/**
 * Sends a request to a repository (gitprotocol-http(5)). GET follows redirects, within the host or to https; to another host without
 * credentials. All addresses of a host are looked at before, and the one that is connected to is one of these.
 * @throws KittiwakeError `remote_url_refused`, `remote_unreachable`, `remote_denied`, `remote_failed`; what `signal` is aborted with
 */
export async function askRemote(
  remote: RemoteUrl,
  request: RemoteRequest,
  options: RemoteOptions,
): Promise<RemoteAnswer> {
  let at = remote;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendTo(at, request, options);
    const { statusCode: status = 0, headers } = answer;
    if (status === 200) {
      const body = watched(answer, at.shown, options.signal);
      return { body, contentType: headers['content-type'] ?? '', remote: at };
    }
    answer.destroy();
    if (status === 401 || status === 403) throw remoteDenied(at.shown, status);
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
    if (!isRedirect) throw remoteFailed(at.shown, `it answers with status ${status}`);
    if (request.method !== 'GET' || redirects === MAX_REDIRECTS)
      throw remoteFailed(at.shown, 'it redirects further than is followed');
    at = redirected(at, request.path, headers.location ?? '');
  }
}

function redirected(from: RemoteUrl, path: string, location: string): RemoteUrl {
  const before = new URL(from.shown + path);
  const to = URL.parse(location, before.href);
  if (to === null || !/^https?:$/.test(to.protocol) || !to.href.endsWith(path))
    throw remoteFailed(from.shown, 'it redirects to something else');
  if (before.protocol === 'https:' && to.protocol !== 'https:')
    throw remoteFailed(from.shown, 'it redirects away from https');
  to.username = '';
  to.password = '';
  const authorization = to.origin === before.origin ? from.authorization : undefined;
  return { shown: to.href.slice(0, -path.length), authorization };
}

async function sendTo(
  { shown, authorization }: RemoteUrl,
  { method, path, headers, body }: RemoteRequest,
  options: RemoteOptions,
): Promise<IncomingMessage> {
  const url = new URL(shown + path);
  const lookup = await lookupOf(url, shown, options);
  const { request } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const { signal, ca, silenceMs = SILENCE_MS } = options;
  const sent = {
    method,
    agent: false as const,
    headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    ...(lookup === undefined ? {} : { lookup }),
    ...(signal === undefined ? {} : { signal }),
    ...(ca === undefined ? {} : { ca }),
  };
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(url, sent, resolve);
    call.setTimeout(silenceMs, () => call.destroy(new Error(`it was silent for ${silenceMs} ms`)));
    call.on('error', reject);
    if (typeof body === 'object') sendBody(body, call, reject);
    else call.end(body);
  }).catch(error => {
    signal?.throwIfAborted();
    if (isKittiwakeError(error)) throw error;
    throw remoteUnreachable(shown, reasonOf(error), error);
  });
}

/** An answer that comes before all of it was sent is what counts. */
function sendBody(
  body: AsyncIterable<Uint8Array>,
  call: ClientRequest,
  failed: (error: unknown) => void,
): void {
  const { pipeline, Readable } = process.getBuiltinModule('node:stream');
  let isAnswered = false;
  call.once('response', () => {
    isAnswered = true;
  });
  pipeline(Readable.from(body, { objectMode: false, highWaterMark: SEND_BUFFER_BYTES }), call, error => {
    if (error && !isAnswered) failed(error);
  });
}

async function lookupOf(url: URL, shown: string, { allowed, resolve }: RemoteOptions) {
  if (allowed === 'any') return undefined;
  const found = await checkedAddress(url.hostname, { allowed, resolve }).catch(error => {
    throw remoteUnreachable(shown, reasonOf(error), error);
  });
  if (found === undefined) throw remoteUrlRefused(shown, 'its host is not at public addresses alone');
  return pinnedTo(found);
}

async function* watched(
  answer: IncomingMessage,
  shown: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw remoteUnreachable(shown, `its answer broke off: ${reasonOf(error)}`, error);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return `no TLS connection comes about, perhaps it is one of http (${code})`;
  return code === undefined ? message : `${message || 'it is not reached'} (${code})`;
}
