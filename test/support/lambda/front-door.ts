import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../s3-server/read-body.ts';
import { type EnvironmentPool, Throttled } from './environment-pool.ts';
import { passOn, refuse } from './http-answer.ts';
import { eventOf, type FrontKind } from './http-event.ts';
import type { OpenInvocation } from './invocation.ts';
import {
  HTTP_API_TIMEOUT_MS,
  MAX_EVENT_BYTES,
  MAX_HTTP_API_BYTES,
  MAX_HTTP_API_HEADER_BYTES,
} from './limits.ts';

export interface FrontDoorOptions {
  /** Default: a function URL. */
  kind?: FrontKind;
  /** How long an HTTP API waits for the function; default: 30,000. */
  timeoutMs?: number;
}

/** An HTTP server in front of a function, as a function URL or an HTTP API is. */
export interface FrontDoor {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Closes everything at once. The function is not stopped. */
  stop(): Promise<void>;
}

/**
 * Turns HTTP requests into events of a function and its answers into those of HTTP. What is too large is answered 413, what finds
 * no free environment 429; an HTTP API answers 431 for large headers and 503 for what takes too long.
 */
export async function startFrontDoor(
  pool: EnvironmentPool,
  { kind = 'function-url', timeoutMs = HTTP_API_TIMEOUT_MS }: FrontDoorOptions = {},
): Promise<FrontDoor> {
  const limits = { maxHeaderSize: 65_536, requestTimeout: 0 };
  const server = createServer(limits, (message, response) => {
    void serve(pool, kind, timeoutMs, message, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  pool: EnvironmentPool,
  kind: FrontKind,
  timeoutMs: number,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (kind === 'http-api' && headerBytes(message) > MAX_HTTP_API_HEADER_BYTES) {
    return refuse(response, 431, 'Request Header Fields Too Large');
  }
  const body = await readBody(message);
  if (body === undefined) return;
  if (body.length > (kind === 'http-api' ? MAX_HTTP_API_BYTES : MAX_EVENT_BYTES)) {
    return refuse(response, 413, 'Request Entity Too Large');
  }
  const late =
    kind === 'http-api' ? setTimeout(refuse, timeoutMs, response, 503, 'Service Unavailable') : undefined;
  const invocation = await open(pool, eventOf(kind, message, body), response);
  if (invocation !== undefined) await passOn(kind, invocation, response);
  clearTimeout(late);
}

async function open(
  pool: EnvironmentPool,
  event: unknown,
  response: ServerResponse,
): Promise<OpenInvocation | undefined> {
  try {
    return await pool.open(event);
  } catch (error) {
    if (error instanceof RangeError) refuse(response, 413, 'Request Entity Too Large');
    else if (error instanceof Throttled) refuse(response, 429, 'Rate Exceeded');
    else throw error;
    return undefined;
  }
}

function headerBytes(message: IncomingMessage): number {
  const line = `${message.method} ${message.url} HTTP/1.1\r\n`.length;
  return message.rawHeaders.reduce((sum, text) => sum + text.length + 2, line);
}
