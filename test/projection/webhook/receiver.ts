import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What a receiver answers; a hanging one answers nothing. */
export type Reply =
  | number
  | 'hang'
  | { status: number; location: string }
  | { status: number; bytes: number };

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Given out in turn; when there are none, it answers 204. */
  readonly replies: Reply[];
}

/** A real receiver of webhooks on 127.0.0.1; over TLS when it has a certificate. It stops with the test. */
export async function startReceiver(tls?: { key: string; cert: string }): Promise<Receiver> {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      text: Buffer.concat(chunks).toString(),
    });
    const reply = replies.shift() ?? 204;
    if (reply === 'hang') return;
    if (typeof reply === 'number') response.writeHead(reply).end();
    else if ('location' in reply) response.writeHead(reply.status, { location: reply.location }).end();
    else response.writeHead(reply.status).end(Buffer.alloc(reply.bytes));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/hook`, port, received, replies };
}

/** The check of docs/webhooks.md: whether one of the signatures is of this secret. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(wanted);
}
