import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { listRefs, openRemote } from '../../../src/net/git/fetch-pack.ts';
import { packet } from '../../../src/net/git/pkt-line.ts';
import { parseRemoteUrl } from '../../../src/net/git/remote-url.ts';

/** A server that says what it likes, for as long as somebody listens. */
async function serverOf(advertised: Iterable<string>, refs: Iterable<string> = []) {
  const server = createServer((request, answer) => {
    const type = request.method === 'GET' ? 'application/x-git-upload-pack-advertisement' : 'text/plain';
    answer.setHeader('content-type', type);
    const lines = Readable.from(packets(request.method === 'GET' ? advertised : refs));
    // Whoever listens goes away in the midst of it.
    pipeline(lines, answer, () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return parseRemoteUrl(`http://127.0.0.1:${port}/wiki.git`);
}

function* packets(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield packet(line);
  yield '0000';
}

function* endless(first: string, line: string): Generator<string> {
  yield first;
  for (;;) yield line;
}

test('a server that goes on telling what it knows is left', async () => {
  const url = await serverOf(endless('version 2\n', 'and=more\n'));
  await expect(openRemote(url, { allowed: 'any' })).rejects.toMatchObject({ code: 'remote_failed' });
});

test('a server that names refs without end is left, though none of them is taken', async () => {
  const url = await serverOf(['version 2\n'], endless('', `${'unborn '.repeat(8_000)}\n`));
  const remote = await openRemote(url, { allowed: 'any' });
  await expect(listRefs(remote)).rejects.toMatchObject({ code: 'remote_failed' });
});

test('an address that is not public is refused', async () => {
  const url = await serverOf(['version 2\n']);
  await expect(openRemote(url, { allowed: [] })).rejects.toMatchObject({ code: 'remote_url_refused' });
});
