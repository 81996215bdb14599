import { type Agent, type IncomingMessage, request } from 'node:http';
import { readBody } from '../s3-server/read-body.ts';

/** An answer as it came, to be passed on. */
export interface Forwarded {
  status: number;
  /** Names and values in turn, as they were sent. */
  rawHeaders: string[];
  body: Buffer;
}

/** Of one connection only, or settled before the request is forwarded. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'proxy-connection'];

/**
 * Sends a request on, headers unchanged, and waits for the whole answer. Sent once, whatever happens: undefined means
 * that there was no complete answer.
 */
export function forward(
  upstream: URL,
  agent: Agent,
  message: IncomingMessage,
  body: Buffer,
): Promise<Forwarded | undefined> {
  return new Promise(resolve => {
    const { hostname, port } = upstream;
    const headers = withLength(passedOn(message.rawHeaders), body);
    const { method, url: path } = message;
    const sent = request({ hostname, port, method, path, headers, agent, setHost: false }, async answer => {
      const bytes = await readBody(answer);
      const isComplete = bytes !== undefined && answer.complete;
      resolve(
        isComplete
          ? { status: answer.statusCode ?? 0, rawHeaders: answer.rawHeaders, body: bytes }
          : undefined,
      );
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

/** The headers that go on to the other side. */
export function passedOn(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !OWN_HEADERS.includes(name.toLowerCase());
  });
}

/** A body that came in chunks goes on in one piece, so that its length is told. */
export function withLength(headers: string[], body: Buffer): string[] {
  const isTold = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-length');
  return isTold || body.length === 0 ? headers : [...headers, 'content-length', String(body.length)];
}
