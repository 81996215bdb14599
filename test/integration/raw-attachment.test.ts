import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { noise, sha256 } from '../support/large-files.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

const PAGE = '/pages/docs/attachments';
const BYTES = { 'content-type': 'application/octet-stream' };

async function served(): Promise<ServedWiki> {
  const data = temporaryFolder();
  onTestFinished(data.remove);
  const wiki = await serveWiki(data.path('data'), { env: { KITTIWAKE_MAX_UPLOAD: '20MiB' } });
  expect((await wiki.call('PUT', '/pages/docs', { content: 'x' })).status).toBe(201);
  return wiki;
}

function attach(
  wiki: ServedWiki,
  filename: string,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  const path = `${PAGE}?filename=${encodeURIComponent(filename)}`;
  return wiki.send('POST', path, { body: new Uint8Array(bytes), headers: { ...BYTES, ...headers } });
}

async function refusal(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

test('an attachment is sent and fetched as it is, whatever its size', async () => {
  const wiki = await served();
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 10]), noise(15 << 20)]) {
    const made = await attach(wiki, 'My File (1).bin', bytes);
    expect([made.status, await made.json()]).toEqual([
      201,
      {
        filename: 'My_File_1.bin',
        mime_type: 'application/octet-stream',
        path: 'Docs',
        size: bytes.length,
      },
    ]);
    const raw = await wiki.send('GET', `${PAGE}/My_File_1.bin?download=raw`);
    expect(raw.headers.get('content-length')).toBe(String(bytes.length));
    expect(Buffer.from(await raw.arrayBuffer()).equals(bytes)).toBe(true);
    const etag = raw.headers.get('etag') ?? '';
    const same = await wiki.send('GET', `${PAGE}/My_File_1.bin?download=raw`, {
      headers: { 'if-none-match': etag },
    });
    expect([same.status, (await same.arrayBuffer()).byteLength]).toEqual([304, 0]);
    const head = await wiki.send('HEAD', `${PAGE}/My_File_1.bin?download=raw`);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  }
});

test('conditions and idempotency keys hold for bytes, too', async () => {
  const wiki = await served();
  const first = await attach(wiki, 'a.bin', noise(5000, 1), { 'idempotency-key': 'k' });
  const again = await attach(wiki, 'a.bin', noise(5000, 1), { 'idempotency-key': 'k' });
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  const other = await attach(wiki, 'a.bin', noise(5000, 2), { 'idempotency-key': 'k' });
  expect(await refusal(other)).toEqual([422, 'idempotency_mismatch']);
  const absent = await attach(wiki, 'a.bin', noise(5000, 3), { 'if-none-match': '*' });
  expect(await refusal(absent)).toEqual([412, 'precondition_failed']);
  const etag = first.headers.get('etag') ?? '';
  expect((await attach(wiki, 'a.bin', noise(5000, 3), { 'if-match': etag })).status).toBe(201);
  const late = await attach(wiki, 'a.bin', noise(5000, 4), { 'if-match': etag });
  expect(await refusal(late)).toEqual([412, 'precondition_failed']);
});

test('what cannot be taken is refused, and what is refused changes nothing', async () => {
  const wiki = await served();
  const { body: before } = await wiki.call('GET', '/changelog');
  expect(await refusal(await attach(wiki, 'big.bin', noise(21 << 20)))).toEqual([
    422,
    'attachment_too_large',
  ]);
  expect(await refusal(await attach(wiki, 'page.md', noise(10)))).toEqual([422, 'filename_is_page']);
  expect(await refusal(await attach(wiki, '../..', noise(10)))).toEqual([422, 'filename_invalid']);
  const elsewhere = await wiki.send('POST', '/pages/absent/attachments?filename=a', {
    body: 'x',
    headers: BYTES,
  });
  expect(await refusal(elsewhere)).toEqual([404, 'page_not_found']);
  const unnamed = await wiki.send('POST', PAGE, { body: 'x', headers: BYTES });
  expect(await refusal(unnamed)).toEqual([422, 'body_invalid']);
  const endless = { body: new Blob(['x']).stream(), duplex: 'half', headers: BYTES };
  const chunked = await wiki.send('POST', `${PAGE}?filename=a`, endless as unknown as RequestInit);
  expect(await refusal(chunked)).toEqual([411, 'length_required']);
  const { body: after } = await wiki.call('GET', '/changelog');
  expect(after).toEqual(before);
});

test('a client that goes away in the middle leaves nothing, and the server goes on', async () => {
  const wiki = await served();
  const { hostname, port } = new URL(wiki.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST /api/v1${PAGE}?filename=a.bin HTTP/1.1`,
    'host: x',
    'authorization: Bearer test-key',
    'content-type: image/png',
    'content-length: 1000000',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(noise(500_000));
  socket.destroySoon();
  await once(socket, 'close');
  expect((await wiki.call('GET', PAGE)).body.total).toBe(0);
  expect((await attach(wiki, 'a.bin', noise(500_000))).status).toBe(201);
});

test('a store on a disk has no presigned URLs, and says what there is instead', async () => {
  const wiki = await served();
  await attach(wiki, 'a.bin', noise(5000));
  const body = { filename: 'a.bin', upload: 'presigned', size: 5, sha256: sha256(noise(5)) };
  const upload = await wiki.call('POST', PAGE, body);
  expect([upload.status, upload.body.code]).toEqual([422, 'presign_unsupported']);
  expect(upload.body.error).toContain('?filename=NAME');
  const download = await wiki.call('GET', `${PAGE}/a.bin?download=presigned`);
  expect([download.status, download.body.code]).toEqual([422, 'presign_unsupported']);
  expect(download.body.error).toContain('?download=raw');
  const unknown = await wiki.call('GET', `${PAGE}/a.bin?download=now`);
  expect([unknown.status, unknown.body.code]).toEqual([422, 'query_invalid']);
});
