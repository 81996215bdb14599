import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Detached, ignoreStop } from '../s3-server/detached.ts';
import { type FaultPlan, type FaultStatus, faultError, withFault } from '../s3-server/faults.ts';
import { readBody } from '../s3-server/read-body.ts';
import { parseRequest, type S3Request } from '../s3-server/request.ts';
import { errorXml } from '../s3-server/s3-error.ts';
import { type Forwarded, forward, passedOn, withLength } from './forward.ts';

export interface FaultProxyOptions {
  /** `http://host:port` of the server behind it. */
  upstream: string;
  /** Default: nothing goes wrong. */
  faults?: FaultPlan;
  /** Called with each request that came; what it returns is called with the status of the answer, 0 for none. */
  onRequest?: (request: S3Request) => (status: number) => void;
}

export interface FaultCounts {
  /** Requests that came. */
  requests: number;
  /** Requests that were sent on; of a doubled one both. */
  forwarded: number;
  /** Connections that were made to the proxy. */
  connections: number;
  /** Faults by kind. */
  faults: Record<string, number>;
}

export interface FaultProxy {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly counts: Readonly<FaultCounts>;
  /** May be replaced at any time. */
  faults: FaultPlan | undefined;
  /** Resolves when no late effect is under way any more. */
  settled(): Promise<void>;
  /** Closes the connections on which nothing is under way. */
  closeIdleConnections(): void;
  /** Closes everything at once; late effects that are not sent on yet are lost. */
  stop(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 in front of an S3 server, to which it is the network that fails. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new HttpFaultProxy(options);
  await proxy.listen();
  return proxy;
}

class HttpFaultProxy implements FaultProxy {
  faults: FaultPlan | undefined;
  readonly counts: FaultCounts = { requests: 0, forwarded: 0, connections: 0, faults: {} };
  readonly #upstream: URL;
  readonly #onRequest: FaultProxyOptions['onRequest'];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stopping = new AbortController();
  readonly #detached = new Detached();
  readonly #server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (message, response) => {
    void this.#serve(message, response);
  });

  constructor({ upstream, faults, onRequest }: FaultProxyOptions) {
    this.#upstream = new URL(upstream);
    this.#onRequest = onRequest;
    this.faults = faults;
    this.#server.on('connection', () => {
      this.counts.connections += 1;
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  settled(): Promise<void> {
    return this.#detached.settled();
  }

  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.counts.requests += 1;
    const { requests: number } = this.counts;
    const body = await readBody(message);
    const answer = body === undefined ? undefined : await this.#treat(number, message, body);
    if (answer === undefined) message.socket.destroy();
    else send(message, response, answer);
  }

  async #treat(number: number, message: IncomingMessage, body: Buffer): Promise<Forwarded | undefined> {
    const request = parseRequest(message, body, 'localhost', performance.now());
    const answered = this.#onRequest?.(request);
    const answer = await this.#withFault(number, request, message, body);
    answered?.(answer?.status ?? 0);
    return answer;
  }

  async #withFault(
    number: number,
    request: S3Request,
    message: IncomingMessage,
    body: Buffer,
  ): Promise<Forwarded | undefined> {
    const fault = this.faults?.({ number, ...request });
    if (fault !== undefined) this.counts.faults[fault.kind] = (this.counts.faults[fault.kind] ?? 0) + 1;
    try {
      return await withFault<Forwarded | undefined>(fault, {
        run: () => {
          this.counts.forwarded += 1;
          return forward(this.#upstream, this.#agent, message, body);
        },
        refuse: refusal,
        sleep: ms => sleep(ms, undefined, { signal: this.#stopping.signal }),
        detach: work => this.#detached.add(work),
      });
    } catch (error) {
      return ignoreStop(error);
    }
  }
}

function refusal(status: FaultStatus): Forwarded {
  const body = errorXml(faultError(status), 'fault', true);
  return {
    status,
    rawHeaders: ['content-type', 'application/xml', 'content-length', String(body.length)],
    body,
  };
}

function send(
  message: IncomingMessage,
  response: ServerResponse,
  { status, rawHeaders, body }: Forwarded,
): void {
  response.writeHead(status, withLength(passedOn(rawHeaders), body));
  response.end(message.method === 'HEAD' ? undefined : body);
}
