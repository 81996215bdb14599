import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gather } from '../../../src/core/streams.ts';

/** Serves a sample bucket to the process it runs in: every put succeeds, and nobody's signature is looked at. */
export async function serveBucket(
  objects: Readonly<Record<string, string>>,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const all = new Map(Object.entries(objects).map(([key, text]) => [key, Buffer.from(text, 'base64')]));
  const versions = new Map<string, number>();
  const server: Server = process
    .getBuiltinModule('node:http')
    .createServer((incoming, outgoing) => void answer(incoming, outgoing, all, versions));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  all: Map<string, Buffer>,
  versions: Map<string, number>,
): Promise<void> {
  const key = decodeURIComponent((incoming.url ?? '').split('/').slice(2).join('/'));
  if (incoming.method === 'PUT') {
    all.set(key, (await gather(incoming, Number.POSITIVE_INFINITY)) ?? Buffer.alloc(0));
    versions.set(key, (versions.get(key) ?? 0) + 1);
  }
  const etag = `"${key.length}-${versions.get(key) ?? 0}"`;
  const found = all.get(key);
  if (found === undefined) return void outgoing.writeHead(404).end();
  if (incoming.method === 'PUT') return void outgoing.writeHead(200, { etag }).end();
  if (incoming.headers['if-none-match'] === etag) return void outgoing.writeHead(304, { etag }).end();
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const part = found.subarray(start, to === undefined || to === '' ? undefined : Number(to) + 1);
  const end = start + part.length - 1;
  const headers = {
    etag,
    'content-length': part.length,
    'last-modified': new Date().toUTCString(),
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${found.length}` }),
  };
  outgoing.writeHead(from === undefined ? 200 : 206, headers).end(part);
}
