import { read, readSync, writeSync } from 'node:fs';

/**
 * Stands where AWS's runtime client for Node expects its native addon, with the addon's three functions: `next` waits in a
 * thread, `done` and `error` block. They speak HTTP over an inherited socket, so that neither node:net nor node:http is
 * used before the handler uses it. Runs inside the function's process, as CommonJS.
 */
const SOCKET = 3;
const PREFIX = '/2018-06-01/runtime/invocation';
const NEXT_HEADERS = [
  'lambda-runtime-aws-request-id',
  'lambda-runtime-trace-id',
  'lambda-runtime-invoked-function-arn',
];

interface Reply {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
}

let received: Buffer = Buffer.alloc(0);

export async function next(): Promise<{ bodyJson: string; headers: Record<string, string | number> }> {
  send(`GET ${PREFIX}/next HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  for (let reply = takeReply(); ; reply = takeReply()) {
    if (reply === undefined) received = Buffer.concat([received, await receive()]);
    else return { bodyJson: reply.body.toString(), headers: headersOf(reply) };
  }
}

export function done(requestId: string, body: string): void {
  const { status, body: said } = post(`${requestId}/response`, body, '');
  if (status === 202) return;
  const text = `Failed to post handler success response. Http response code: ${status}. ${said}`;
  writeSync(2, `LAMBDA_RUNTIME ${text}\n`);
}

export function error(requestId: string, body: string, xray: string): void {
  post(`${requestId}/error`, body, `lambda-runtime-function-xray-error-cause: ${xray}\r\n`);
}

function post(path: string, text: string, more: string): Reply {
  const length = Buffer.byteLength(text);
  const type = 'content-type: application/json';
  send(
    `POST ${PREFIX}/${path} HTTP/1.1\r\nhost: localhost\r\n${type}\r\n${more}content-length: ${length}\r\n\r\n`,
  );
  send(text);
  const chunk = Buffer.alloc(4096);
  for (let reply = takeReply(); ; reply = takeReply()) {
    if (reply !== undefined) return reply;
    const bytes = readSync(SOCKET, chunk);
    if (bytes === 0) throw new Error('The runtime API is gone');
    received = Buffer.concat([received, chunk.subarray(0, bytes)]);
  }
}

function send(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(SOCKET, bytes, at);
}

function receive(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    read(SOCKET, Buffer.allocUnsafe(65_536), 0, 65_536, null, (failure, bytes, chunk) => {
      if (failure !== null || bytes === 0) reject(failure ?? new Error('The runtime API is gone'));
      else resolve(chunk.subarray(0, bytes));
    });
  });
}

/** The reply in what was received, once it is whole. Replies have a content-length here. */
function takeReply(): Reply | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(lines.map(line => splitHeader(line)));
  const bodyEnd = end + 4 + Number(headers.get('content-length') ?? 0);
  if (received.length < bodyEnd) return undefined;
  const body = received.subarray(end + 4, bodyEnd);
  received = received.subarray(bodyEnd);
  return { status: Number(first.split(' ')[1]), headers, body };
}

function splitHeader(line: string): [string, string] {
  const at = line.indexOf(':');
  return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
}

function headersOf({ headers }: Reply): Record<string, string | number> {
  const kept = NEXT_HEADERS.map(name => [name, headers.get(name) ?? '']);
  const deadlineMs = Number(headers.get('lambda-runtime-deadline-ms'));
  return { ...Object.fromEntries(kept), 'lambda-runtime-deadline-ms': deadlineMs };
}
