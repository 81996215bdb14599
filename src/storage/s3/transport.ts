import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Runtime } from '../../core/runtime.ts';
import type { Body } from '../byte-store.ts';

export interface TransportOptions {
  /** `http:` or `https:`, host and port. */
  origin: URL;
  runtime: Runtime;
  /** How long a connection may take to come up. */
  connectTimeoutMs: number;
  /** Longest silence while a request is sent and its answer comes. */
  responseTimeoutMs: number;
}

export interface HttpRequest {
  method: string;
  /** With the query, encoded. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Body;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The body; belongs to the caller. */
  bytes: Buffer;
  /** A connection was made for this request. */
  connected: boolean;
}

/** There was no answer, or not all of it. */
export class TransportFailure extends Error {
  /** False: the request did not leave this process, so that nothing came of it. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportFailure';
    this.sent = sent;
  }
}

/** A connection that was idle for longer is closed by us: the other side may have done so without our knowing. */
const MAX_IDLE_MS = 3000;
const MAX_CONNECTIONS = 64;

/** Sends requests to one host over connections that are kept. Sends each once; opens nothing before the first. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #open = new WeakSet<Socket>();
  readonly #usedMs = new WeakMap<Socket, number>();
  #agent: Agent | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** @throws TransportFailure */
  send(request: HttpRequest): Promise<HttpAnswer> {
    const { method, path, headers, body, signal } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new TransportFailure('the caller gave up', false, signal.reason));
      const { origin } = this.#options;
      // Names, not `import`: loading the facades of these modules takes 22 ms.
      const { request: start } = builtin(origin.protocol);
      const agent = this.#freshAgent();
      const { hostname, port } = origin;
      const call = start({ agent, hostname: bare(hostname), port, method, path, headers });
      const exchange = this.#watch(call, signal, reject);
      call.once('response', response =>
        receive(response, method, exchange.fail, bytes => {
          if (call.socket !== null) this.#usedMs.set(call.socket, this.#options.runtime.now());
          exchange.finish();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            connected: exchange.connected,
          });
        }),
      );
      write(call, body);
    });
  }

  /** Follows a request until it is answered or has failed. */
  #watch(call: ClientRequest, signal: AbortSignal | undefined, reject: (failure: TransportFailure) => void) {
    const { connectTimeoutMs, responseTimeoutMs } = this.#options;
    let sent = false;
    let socket: Socket | undefined;
    const exchange = {
      connected: false,
      fail: (message: string, cause?: unknown) => {
        exchange.finish();
        reject(new TransportFailure(message, sent, cause));
        call.destroy();
      },
      finish: () => {
        socket?.removeListener('timeout', onTimeout);
        signal?.removeEventListener('abort', onAbort);
      },
    };
    const onTimeout = () =>
      exchange.fail(
        sent ? `no answer for ${responseTimeoutMs} ms` : `no connection in ${connectTimeoutMs} ms`,
      );
    const onAbort = () => exchange.fail('the caller gave up', signal?.reason);
    const onOpen = (opened: Socket) => {
      sent = true;
      this.#open.add(opened);
      opened.setTimeout(responseTimeoutMs);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    call.on('error', error => exchange.fail(describe(error), error));
    call.once('socket', given => {
      socket = given;
      given.on('timeout', onTimeout);
      if (this.#open.has(given)) return onOpen(given);
      exchange.connected = true;
      given.setNoDelay(true);
      given.setTimeout(connectTimeoutMs);
      given.once(this.#options.origin.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
        onOpen(given),
      );
    });
    return exchange;
  }

  /** The connections, without those that were idle for too long: by the clock, as a frozen process has no timers. */
  #freshAgent(): Agent {
    const { Agent } = builtin(this.#options.origin.protocol);
    this.#agent ??= new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
    const nowMs = this.#options.runtime.now();
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        if (Math.abs(nowMs - (this.#usedMs.get(socket) ?? 0)) > MAX_IDLE_MS) socket.destroy();
      }
    }
    return this.#agent;
  }
}

function builtin(protocol: string): Pick<typeof import('node:https'), 'request'> & { Agent: typeof Agent } {
  return protocol === 'https:'
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http');
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The parts go out in one system call, and are not joined before. */
function write(call: ClientRequest, body: Body): void {
  call.cork();
  for (const part of body) if (part.length > 0) call.write(part);
  call.end();
  call.uncork();
}

function receive(
  response: IncomingMessage,
  method: string,
  fail: (message: string, cause?: unknown) => void,
  done: (bytes: Buffer) => void,
): void {
  const text = method === 'HEAD' ? undefined : response.headers['content-length'];
  const expected = text === undefined ? undefined : Number(text);
  const isOpen = text === undefined && response.headers['transfer-encoding'] === undefined;
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.once('error', error => fail(`the answer broke off (${describe(error)})`, error));
  response.once('end', () => {
    const bytes = join(chunks);
    const isShort = expected !== undefined && bytes.length !== expected && response.statusCode !== 304;
    // Its end is the connection's, which may as well have broken.
    if (isOpen && method === 'GET' && response.statusCode === 200)
      fail('the answer does not tell how long it is');
    else if (isShort) fail(`the answer has ${bytes.length} bytes instead of ${expected}`);
    else done(bytes);
  });
}

/** Copied, so that no more memory is held than there are bytes. */
function join(chunks: readonly Buffer[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) offset += chunk.copy(bytes, offset);
  return bytes;
}

function describe(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}
