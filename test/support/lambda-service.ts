import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export type Variables = Record<string, string>;

/** What an invocation comes to. */
export interface Invoked {
  /** The log's end. */
  tail: string;
  payload?: string;
  /** As the header `X-Amz-Function-Error`: the payload is an error. */
  error?: 'Unhandled';
  /** Before the answer. Default 10. */
  delayMs?: number;
}

/** One invocation under way. */
export interface InvokedWith {
  requestId: string;
  /** From 1. */
  count: number;
  /** Whether the function was updated since the last invocation. */
  isCold: boolean;
  variables: Variables;
  event: string;
}

export interface LambdaServiceOptions {
  /** Default `wiki`. */
  name?: string;
  variables?: Variables;
  /** How often an update is answered to be in progress. Default 1. */
  pollsInProgress?: number;
  invoke?(call: InvokedWith): Invoked;
  /** Called before each request: to change what others may change, or to answer an error. */
  before?(request: ServiceRequest, service: LambdaService): ServiceError | undefined;
}

export interface ServiceRequest {
  operation: 'read' | 'write' | 'invoke';
  /** From 1, by operation. */
  count: number;
}

export interface ServiceError {
  status: number;
  type: string;
  message: string;
}

/** The usual log of an invocation, as the platform writes it in text. */
export function textTail(
  { requestId, isCold }: Pick<InvokedWith, 'requestId' | 'isCold'>,
  initMs = 2,
): string {
  const init = isCold ? `Init Duration: ${initMs.toFixed(2)} ms\t` : '';
  return [
    `START RequestId: ${requestId} Version: $LATEST`,
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: 1.50 ms\tBilled Duration: 4 ms\tMemory Size: 1769 MB\tMax Memory Used: 70 MB\t${init}`,
    '',
  ].join('\n');
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/(configuration|invocations)$/;

/**
 * A function at AWS Lambda, as far as measuring cold starts needs it: three operations over HTTP, without signatures. As at
 * AWS, the revision moves with an update and again when the update has ended, a write during an update is refused, and so is
 * one with another revision. Goes with the running test.
 */
export async function startLambdaService(options: LambdaServiceOptions = {}): Promise<LambdaService> {
  const service = new LambdaService(options);
  const server = createServer((request, response) => {
    answer(service, request, response).catch(error => response.destroy(error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  service.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

export class LambdaService {
  readonly options: LambdaServiceOptions;
  endpoint = '';
  /** Answered as it is, besides what is kept here. */
  readonly configuration: Record<string, unknown> = {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    MemorySize: 1769,
    Timeout: 30,
    CodeSha256: 'c0de',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
  readonly counts = { read: 0, write: 0, invoke: 0 };
  #variables: Variables;
  #revision: string = randomUUID();
  #pollsLeft = 0;
  #isCold = true;

  constructor(options: LambdaServiceOptions) {
    this.options = options;
    this.#variables = options.variables ?? {};
  }

  get name(): string {
    return this.options.name ?? 'wiki';
  }

  get variables(): Variables {
    return this.#variables;
  }

  /** As somebody else, or as an update: the revision moves. */
  change(variables: Variables): void {
    this.#variables = variables;
    this.#revision = randomUUID();
    this.#isCold = true;
  }

  read(): Record<string, unknown> {
    if (this.#pollsLeft > 0 && --this.#pollsLeft === 0) this.#revision = randomUUID();
    const isEmpty = Object.keys(this.#variables).length === 0;
    return {
      FunctionName: this.name,
      ...this.configuration,
      ...(this.#pollsLeft > 0 ? { LastUpdateStatus: 'InProgress' } : {}),
      RevisionId: this.#revision,
      ...(isEmpty ? {} : { Environment: { Variables: this.#variables } }),
    };
  }

  write({ Environment, RevisionId }: { Environment: { Variables: Variables }; RevisionId: string }) {
    if (RevisionId !== this.#revision) {
      const message = 'The Revision Id provided does not match the latest Revision Id.';
      return { status: 412, type: 'PreconditionFailedException', message };
    }
    if (this.#pollsLeft > 0) {
      return { status: 409, type: 'ResourceConflictException', message: 'An update is in progress' };
    }
    this.change(Environment.Variables);
    this.#pollsLeft = (this.options.pollsInProgress ?? 1) + 1;
    return { ...this.read(), LastUpdateStatus: 'InProgress' };
  }

  async invoke(event: string, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const call = {
      requestId,
      count: this.counts.invoke,
      isCold: this.#isCold,
      variables: this.#variables,
      event,
    };
    this.#isCold = false;
    const { tail, payload, error, delayMs = 10 } = this.options.invoke?.(call) ?? { tail: textTail(call) };
    await sleep(delayMs);
    response.setHeader('x-amzn-RequestId', requestId);
    response.setHeader('X-Amz-Log-Result', Buffer.from(tail).subarray(-4096).toString('base64'));
    if (error) response.setHeader('X-Amz-Function-Error', error);
    response.end(payload ?? '{"statusCode":200}\0\0\0\0\0\0\0\0{"status":"ok"}');
  }
}

async function answer(
  service: LambdaService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString('utf8');
  const [, name, kind] = PATH.exec(request.url ?? '') ?? [];
  if (name !== service.name) {
    return send(response, { status: 404, type: 'ResourceNotFoundException', message: `Not found: ${name}` });
  }
  const operation = kind === 'invocations' ? 'invoke' : request.method === 'GET' ? 'read' : 'write';
  service.counts[operation] += 1;
  const refusal = service.options.before?.({ operation, count: service.counts[operation] }, service);
  if (refusal) return send(response, refusal);
  if (operation === 'invoke') return await service.invoke(body, response);
  send(response, operation === 'read' ? service.read() : service.write(JSON.parse(body)));
}

function send(response: ServerResponse, body: Record<string, unknown> | ServiceError): void {
  const { status, type, message } = body as Partial<ServiceError>;
  if (type === undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return;
  }
  response.writeHead(status ?? 500, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ Type: 'User', message }));
}
