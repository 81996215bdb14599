import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { FrontKind } from './http-event.ts';
import type { OpenInvocation } from './invocation.ts';
import { PRELUDE_TYPE, type Prelude, takePrelude } from './prelude.ts';

/** A whole HTTP answer as a handler gives it. */
interface BufferedAnswer extends Prelude {
  body?: string;
  isBase64Encoded?: boolean;
}

const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length'];
const FAILED_STATUS: Record<FrontKind, number> = { 'function-url': 502, 'http-api': 500 };

/** The platform's own answer. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(JSON.stringify({ message }));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/**
 * Turns the answer of a function into one of HTTP: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. Only a function
 * URL streams. A failure is 502 there and 500 behind an HTTP API; within a stream it breaks the connection off, as HTTP
 * has no other way to say so. An answer ends when its environment is free again.
 */
export async function passOn(
  kind: FrontKind,
  invocation: OpenInvocation,
  response: ServerResponse,
): Promise<void> {
  const { error, isStreamed, body, completed } = invocation;
  response.on('error', () => {});
  if (isStreamed && kind === 'function-url') await passStream(invocation, response);
  else {
    const payload = await buffer(body);
    await completed;
    const answer = error === undefined && !isStreamed ? answerOf(kind, payload) : undefined;
    if (answer === undefined) refuseFailure(kind, response);
    else send(response, answer);
  }
}

function refuseFailure(kind: FrontKind, response: ServerResponse): void {
  refuse(response, FAILED_STATUS[kind], 'Internal Server Error');
}

async function passStream(
  { contentType, body, completed }: OpenInvocation,
  response: ServerResponse,
): Promise<void> {
  const hasPrelude = contentType === PRELUDE_TYPE;
  const { prelude, rest } = hasPrelude ? await takePrelude(body) : { prelude: {}, rest: body };
  if (prelude === undefined) {
    await completed;
    return refuseFailure('function-url', response);
  }
  writeHead(response, prelude, hasPrelude ? 'application/octet-stream' : contentType);
  response.flushHeaders();
  // Where nobody listens any more the function goes on all the same.
  for await (const chunk of rest) {
    if (!response.destroyed && !response.write(chunk)) await drained(response);
  }
  const { error } = await completed;
  if (error === undefined) response.end();
  else response.destroy();
}

/** Resolves when there is room again, or nobody to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Undefined when the payload is no answer. Without a status all of it is the body. */
function answerOf(kind: FrontKind, payload: Buffer): BufferedAnswer | undefined {
  const value = JSON.parse(payload.toString());
  if (value?.statusCode === undefined) {
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: payload.toString() };
  }
  const isSound = Number.isInteger(value.statusCode) && ['string', 'undefined'].includes(typeof value.body);
  const type = kind === 'function-url' ? 'application/json' : 'text/plain; charset=utf-8';
  return isSound ? { ...value, headers: { 'content-type': type, ...lowerCased(value.headers) } } : undefined;
}

function send(response: ServerResponse, answer: BufferedAnswer): void {
  const { body = '', isBase64Encoded = false } = answer;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  writeHead(response, answer, 'application/json', bytes.length);
  response.end(bytes);
}

function writeHead(response: ServerResponse, head: Prelude, defaultType: string, bytes?: number): void {
  const { statusCode = 200, headers, cookies = [] } = head;
  const own = { 'content-type': defaultType, ...lowerCased(headers) };
  for (const [name, value] of Object.entries(own)) {
    if (!OWN_HEADERS.includes(name)) response.setHeader(name, String(value));
  }
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const hasBody = statusCode !== 204 && statusCode !== 304;
  if (bytes !== undefined && hasBody) response.setHeader('content-length', bytes);
  response.writeHead(statusCode);
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
