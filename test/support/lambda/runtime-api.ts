import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { readBody } from '../s3-server/read-body.ts';
import { Exchange } from './exchange.ts';
import { answerTooLarge, type FunctionError, reportedError } from './function-error.ts';
import { MAX_ANSWER_BYTES, MAX_STREAMED_BYTES } from './limits.ts';

const ROOT = '/2018-06-01/runtime/';
const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';

/** One event on its way to the function. */
export interface Invocation {
  requestId: string;
  /** JSON */
  event: Buffer;
  /** `Date.now()` at which the function's time is over. */
  deadlineMs: number;
  functionArn: string;
  traceId: string;
}

/** What the platform does when the runtime speaks. */
export interface RuntimeListener {
  /** The runtime asks for an event: init, or the invocation before, is over. */
  onNext(): void;
  onInitError(error: FunctionError): void;
}

/**
 * The Lambda Runtime API, version 2018-06-01, for one process, on 127.0.0.1:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. Sizes are limited as on the platform.
 */
export class RuntimeApi {
  readonly #listener: RuntimeListener;
  readonly #server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (message, response) => {
    void this.#serve(message, response);
  });
  #waiting: ServerResponse | undefined;
  #exchange: Exchange | undefined;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
  }

  /** `127.0.0.1:9001`, for `AWS_LAMBDA_RUNTIME_API` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Serves a connection that was made in another way. */
  attach(connection: Duplex): void {
    this.#server.emit('connection', connection);
  }

  /** Gives an event to the runtime, which must be asking for one. */
  deliver({ requestId, event, deadlineMs, functionArn, traceId }: Invocation): Exchange {
    const response = this.#waiting;
    if (response === undefined) throw new Error('Cannot deliver an event: the runtime asks for none');
    this.#waiting = undefined;
    this.#exchange = new Exchange(requestId);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': event.length,
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': deadlineMs,
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': traceId,
    });
    response.end(event);
    return this.#exchange;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const path = message.url?.startsWith(ROOT) ? message.url.slice(ROOT.length) : '';
    if (message.method === 'GET' && path === 'invocation/next') return await this.#next(message, response);
    if (message.method === 'POST' && path === 'init/error') return await this.#initError(message, response);
    const [, id = '', what] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (message.method !== 'POST' || what === undefined) return send(response, 404, 'NotFound', 'Not found');
    const exchange = this.#exchange;
    if (exchange?.requestId !== decodeURIComponent(id)) {
      return send(response, 400, 'InvalidRequestID', 'Invalid request ID');
    }
    if (exchange.state !== 'waiting') {
      return send(response, 403, 'InvalidStateTransition', 'State transition is not allowed');
    }
    if (what === 'error') return await failure(exchange, message, response);
    const isStreamed = message.headers['lambda-runtime-function-response-mode'] === 'streaming';
    await (isStreamed ? stream : answer)(exchange, message, response);
  }

  /** A runtime whose stream failed asks before the end of the stream has arrived here. */
  async #next(message: IncomingMessage, response: ServerResponse): Promise<void> {
    message.resume();
    this.#waiting = response;
    if (this.#exchange !== undefined && this.#exchange.state !== 'ended') await this.#exchange.ended;
    this.#listener.onNext();
  }

  async #initError(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message);
    if (body === undefined) return;
    accept(response);
    this.#listener.onInitError(reportedError(body, errorTypeOf(message.headers)));
  }
}

async function answer(exchange: Exchange, message: IncomingMessage, response: ServerResponse) {
  const body = await readBody(message);
  if (body === undefined) return;
  if (body.length <= MAX_ANSWER_BYTES) {
    accept(response);
    exchange.answer(body, message.headers['content-type'] ?? 'application/json');
  } else {
    const text = `Exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`;
    send(response, 413, 'RequestEntityTooLarge', text);
    exchange.fail(answerTooLarge(false));
  }
}

async function failure(exchange: Exchange, message: IncomingMessage, response: ServerResponse) {
  const body = await readBody(message);
  if (body === undefined) return;
  accept(response);
  exchange.fail(reportedError(body, errorTypeOf(message.headers)));
}

/** The end of a process in the middle of its stream is told by who sees the process. */
async function stream(exchange: Exchange, message: IncomingMessage, response: ServerResponse) {
  const contentType = message.headers['content-type'] ?? 'application/octet-stream';
  let sentBytes = 0;
  try {
    for await (const chunk of message) {
      exchange.begin(contentType);
      await exchange.write(chunk.subarray(0, MAX_STREAMED_BYTES - sentBytes));
      sentBytes += chunk.length;
      if (sentBytes > MAX_STREAMED_BYTES) exchange.fail(answerTooLarge(true));
    }
  } catch {
    return;
  }
  const errorType = errorTypeOf(message.trailers);
  if (errorType !== undefined) {
    const body = Buffer.from(String(message.trailers[ERROR_BODY] ?? ''), 'base64');
    exchange.fail(reportedError(body, errorType));
  }
  exchange.begin(contentType);
  exchange.end();
  accept(response);
}

function errorTypeOf(headers: IncomingMessage['headers']): string | undefined {
  const value = headers[ERROR_TYPE];
  return value === undefined || value === '' ? undefined : String(value);
}

function accept(response: ServerResponse): void {
  sendJson(response, 202, { status: 'OK' });
}

function send(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  sendJson(response, status, { errorType, errorMessage });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
