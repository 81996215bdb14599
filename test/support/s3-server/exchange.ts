import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, answerRequest, errorAnswer } from './answer-request.ts';
import type { S3Core } from './core.ts';
import { ignoreStop } from './detached.ts';
import { type FaultRequest, faultError, withFault } from './faults.ts';
import { operationOf } from './operations.ts';
import { readBody } from './read-body.ts';
import { parseRequest, type S3Request } from './request.ts';
import type { RequestRecord } from './request-log.ts';
import { S3Error } from './s3-error.ts';

const SECRET_HEADERS = ['authorization', 'x-amz-security-token'];

/** Serves one request from its arrival to its answer, with the latency and the faults that are switched on. */
export async function exchange(
  core: S3Core,
  connection: number,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = performance.now();
  const number = core.log.next();
  const head = readHead(core, message, startedMs);
  const record = recordOf(number, connection, message, head);
  core.log.add(record);
  const rawBody = await readBody(message);
  record.receivedBytes = rawBody?.length ?? 0;
  const answered = rawBody === undefined ? undefined : await treat(core, head, rawBody, record);
  if (answered === undefined) message.socket.destroy();
  else send(message, response, answered);
  record.endedMs = performance.now();
  record.status = answered?.status ?? 0;
  record.code = answered?.code;
  record.sentBytes = message.method === 'HEAD' ? 0 : (answered?.body?.length ?? 0);
  core.onRequest(record);
}

type Head = S3Request | S3Error;

function readHead(core: S3Core, message: IncomingMessage, startedMs: number): Head {
  try {
    return parseRequest(message, Buffer.alloc(0), core.domain, startedMs);
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

/** Undefined: nothing is to be answered. */
async function treat(
  core: S3Core,
  head: Head,
  rawBody: Buffer,
  record: RequestRecord,
): Promise<Answered | undefined> {
  if (head instanceof S3Error) return errorAnswer(core, head);
  const facts: FaultRequest = { number: record.number, ...head };
  const { latencyMs, faults } = core.switches;
  const halfMs = (typeof latencyMs === 'number' ? latencyMs : latencyMs(facts)) / 2;
  const fault = faults?.(facts);
  record.fault = fault?.kind;
  const pause = (ms: number) =>
    ms > 0 ? sleep(ms, undefined, { signal: core.stopping }) : Promise.resolve();
  try {
    await pause(halfMs);
    const answered = await withFault(fault, {
      run: () => answerRequest(core, { ...head, rawBody }),
      refuse: status => errorAnswer(core, faultError(status)),
      sleep: pause,
      detach: work => core.detached.add(work),
    });
    await pause(halfMs);
    return answered;
  } catch (error) {
    return ignoreStop(error);
  }
}

function send(message: IncomingMessage, response: ServerResponse, { status, headers, body }: Answered): void {
  const hasBody = status !== 204 && status !== 304;
  const length = hasBody ? { 'content-length': String(body?.length ?? 0) } : {};
  response.writeHead(status, { server: 'test', ...headers, ...length });
  response.end(hasBody && message.method !== 'HEAD' ? body : undefined);
}

function recordOf(number: number, connection: number, message: IncomingMessage, head: Head): RequestRecord {
  const request = head instanceof S3Error ? undefined : head;
  const headers = Object.entries(request?.headers ?? {}).filter(([name]) => !SECRET_HEADERS.includes(name));
  return {
    number,
    connection,
    operation: request === undefined ? 'Unknown' : operationOf(request).name,
    method: message.method ?? '',
    bucket: request?.bucket ?? '',
    key: request?.key ?? '',
    query: (message.url ?? '').split('?')[1] ?? '',
    headers: Object.fromEntries(headers),
    startedMs: request?.startedMs ?? performance.now(),
    endedMs: Number.POSITIVE_INFINITY,
    status: 0,
    code: undefined,
    receivedBytes: 0,
    sentBytes: 0,
    fault: undefined,
  };
}
