import { createHash } from 'node:crypto';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { noise } from '../support/large-files.ts';
import { ProcessMemory } from '../support/process-memory.ts';
import { startS3Process } from '../support/s3-server/process.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';

const PAGE = '/pages/docs/attachments';
const BLOCK = noise(1 << 20);
const LARGE_BLOCKS = 200;
/** What the README says. */
const MAX_GROWTH_BYTES = 96 << 20;
/** A fraction of the file: what is not freed would not fit. */
const ENV = { NODE_OPTIONS: '--max-old-space-size=64', KITTIWAKE_REQUEST_TIMEOUT: '300' };
const TIMEOUT_MS = 180_000;

/** The file of `count` blocks, none of which is held twice. */
async function* blocks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield BLOCK;
}

function sha256Of(count: number): string {
  const hash = createHash('sha256');
  for (let index = 0; index < count; index += 1) hash.update(BLOCK);
  return hash.digest('hex');
}

async function sha256OfBody(response: Response): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of response.body ?? []) hash.update(chunk);
  return hash.digest('hex');
}

/** A request with a body that is made while it is sent. */
function streamed(count: number, headers: Record<string, string>): RequestInit {
  const init = { body: blocks(count), duplex: 'half', headers: { ...headers } };
  return init as unknown as RequestInit;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Does everything with a file of 1 MiB first, so that what is loaded once does not count; then with a large one. */
async function expectBounded(
  ctx: TestContext,
  wiki: ServedWiki,
  carry: (filename: string, count: number) => Promise<void>,
): Promise<void> {
  expect((await wiki.call('PUT', '/pages/docs', { content: 'x' })).status).toBe(201);
  await carry('small.bin', 1);
  const memory = new ProcessMemory(ctx, wiki.pid);
  memory.resetPeak();
  const before = memory.bytes;
  await carry('large.bin', LARGE_BLOCKS);
  const growth = memory.peakBytes - before;
  console.log(`Resident memory grew by ${mib(growth)} to ${mib(memory.peakBytes)} for ${LARGE_BLOCKS} MiB`);
  expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
}

test(
  'a file of 200 MiB goes through S3 in bounded memory: upload, commit, both downloads',
  async ctx => {
    const server = await startS3Process();
    onTestFinished(() => server.kill());
    const data = temporaryFolder();
    onTestFinished(data.remove);
    const wiki = await serveWiki(data.path('data'), {
      env: {
        ...ENV,
        KITTIWAKE_STORE: 's3://wikis/w',
        AWS_ENDPOINT_URL_S3: server.endpoint,
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
      },
    });
    await expectBounded(ctx, wiki, async (filename, count) => {
      const size = count * BLOCK.length;
      const sha256 = sha256Of(count);
      const prepared = await wiki.call('POST', PAGE, { filename, upload: 'presigned', size, sha256 });
      const { url, headers, id } = prepared.body.upload;
      const put = await fetch(url, { method: 'PUT', ...streamed(count, headers) });
      expect(put.status).toBe(200);
      const made = await wiki.call('POST', PAGE, { filename, upload: id });
      expect([made.status, made.body.size]).toEqual([201, size]);
      const raw = await wiki.send('GET', `${PAGE}/${filename}?download=raw`);
      expect([raw.status, await sha256OfBody(raw)]).toEqual([200, sha256]);
      const redirect = await wiki.send('GET', `${PAGE}/${filename}?download=presigned`);
      const direct = await fetch(redirect.headers.get('location') ?? '');
      expect([direct.status, await sha256OfBody(direct)]).toEqual([200, sha256]);
    });
  },
  TIMEOUT_MS,
);

test(
  'a file of 200 MiB goes to a disk and back in bounded memory',
  async ctx => {
    const data = temporaryFolder();
    onTestFinished(data.remove);
    const wiki = await serveWiki(data.path('data'), { env: ENV });
    await expectBounded(ctx, wiki, async (filename, count) => {
      const size = count * BLOCK.length;
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
      const made = await wiki.send('POST', `${PAGE}?filename=${filename}`, streamed(count, headers));
      expect([made.status, await made.json()]).toMatchObject([201, { size }]);
      const raw = await wiki.send('GET', `${PAGE}/${filename}?download=raw`);
      expect([raw.status, await sha256OfBody(raw)]).toEqual([200, sha256Of(count)]);
    });
  },
  TIMEOUT_MS,
);
