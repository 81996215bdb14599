import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Runtime } from '../core/runtime.ts';
import { IncomingBody } from './incoming-body.ts';
import type { App, HttpRequest, HttpResponse } from './message.ts';
// Loaded at the start: whatever becomes of the program's files, refusals are answered.
import './refusal.ts';

export interface ServerOptions {
  app: App;
  /** Host name or address to listen on. */
  host: string;
  /** 0 takes a free port. */
  port: number;
  /**
   * How long a client may take to send a request, and a write to be decided. Of a body that is taken as it comes at least
   * {@link MIN_STREAMED_BYTES} have to come each time.
   */
  requestTimeoutMs: number;
  runtime: Runtime;
}

export interface RunningServer {
  /** With the port that was taken: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, lets those under way finish for at most `graceMs` (default 10,000), then cuts them. */
  close(graceMs?: number): Promise<void>;
}

/** Idle connections are kept longer than the usual 60 s of proxies in front, so that those close them. */
const KEEP_ALIVE_MS = 65_000;

const MIN_STREAMED_BYTES = 64 << 10;

/**
 * Serves an app over HTTP/1.1.
 * @throws the system's error, for example EADDRINUSE
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  // An import of node:http costs 22 ms where this costs 3: the ES module's facade loads undici.
  const http = process.getBuiltinModule('node:http');
  const state = { closing: false, active: 0 };
  const server = http.createServer({
    // Bodies have a watch of their own: a large one may take long.
    requestTimeout: 0,
    headersTimeout: Math.min(options.requestTimeoutMs, 10_000),
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse, expects: boolean) => {
    state.active++;
    try {
      const request = toRequest(incoming, outgoing, expects, options);
      if (request.body instanceof IncomingBody)
        watchArrival(incoming, request.body, options.requestTimeoutMs);
      const response = await options.app.handle(request);
      if (state.closing) response.headers.connection = 'close';
      await send(response, outgoing);
    } catch {
      // Only sending can fail here: the client is gone, or the answer broke off and must not look complete.
      outgoing.destroy();
    } finally {
      state.active--;
    }
  };
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing, false));
  server.on('checkContinue', (incoming, outgoing) => void answer(incoming, outgoing, true));
  server.on('clientError', refuseBroken);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    async close(graceMs = 10_000) {
      state.closing = true;
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeIdleConnections();
      const endMs = options.runtime.now() + graceMs;
      while (state.active > 0 && options.runtime.now() < endMs) await options.runtime.sleep(10);
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  expects: boolean,
  options: ServerOptions,
): HttpRequest {
  const url = incoming.url ?? '/';
  const start = url.startsWith('/') ? 0 : Math.max(0, url.indexOf('/', url.indexOf('://') + 3));
  const mark = url.indexOf('?', start);
  return {
    method: incoming.method ?? 'GET',
    path: url.slice(start, mark < 0 ? undefined : mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headersOf(incoming, start === 0 ? undefined : url.slice(url.indexOf('://') + 3, start)),
    body: bodyOf(incoming, outgoing, expects),
    deadlineMs: options.runtime.now() + options.requestTimeoutMs,
    peerAddress: incoming.socket.remoteAddress ?? '',
  };
}

/**
 * Of an absolute URL the host is the one that was asked (RFC 9112, 3.2.2). Where several were sent Node gives the first; they are
 * joined, as the values of any other header are, so that nobody takes one of them for the host.
 */
function headersOf({ headers, rawHeaders }: IncomingMessage, authority?: string): Record<string, string> {
  const known = headers as Record<string, string>;
  if (authority !== undefined) return { ...known, host: authority };
  const hosts = rawHeaders.filter((_, index) => isHostAt(rawHeaders, index - 1));
  return hosts.length < 2 ? known : { ...known, host: hosts.join(', ') };
}

/** Names stand at even places, each before its value. */
function isHostAt(rawHeaders: readonly string[], index: number): boolean {
  const name = index % 2 === 0 ? rawHeaders[index] : undefined;
  return name?.length === 4 && name.toLowerCase() === 'host';
}

const NONE = Buffer.alloc(0);

function bodyOf(incoming: IncomingMessage, outgoing: ServerResponse, expects: boolean): HttpRequest['body'] {
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return NONE;
  return new IncomingBody(incoming, outgoing, expects);
}

/** Cuts a client off whose body does not come in time. */
function watchArrival(incoming: IncomingMessage, body: IncomingBody, timeoutMs: number): void {
  const { socket } = incoming;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    const came = socket.bytesRead - seen;
    seen = socket.bytesRead;
    if (body.isStreamed && came >= MIN_STREAMED_BYTES) return;
    clearInterval(timer);
    if (!incoming.complete)
      refuseBroken(Object.assign(new Error('too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  }, timeoutMs);
  timer.unref();
  incoming.once('close', () => clearInterval(timer));
}

async function send(response: HttpResponse, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = response;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    if (status !== 204 && status !== 304) headers['content-length'] ??= String(length);
    outgoing.writeHead(status, headers);
    outgoing.end(body);
    return;
  }
  outgoing.writeHead(status, headers);
  const { Readable, promises } = process.getBuiltinModule('node:stream');
  await promises.pipeline(Readable.from(body), outgoing);
}

/** What the HTTP parser cannot read, or does not get in time. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Socket | import('node:stream').Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [line, text] = BROKEN[error.code ?? ''] ?? ['400 Bad Request', 'Malformed HTTP request'];
  const body = `${JSON.stringify({ error: text, code: 'http_malformed' })}\n`;
  socket.end(
    `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const BROKEN: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'Request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request was not sent in time'],
};
