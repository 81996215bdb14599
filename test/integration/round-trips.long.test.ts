import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { commitPage, loadPages } from '../support/stored-wiki.ts';
import {
  ask,
  environmentOf,
  freshService,
  liveOn,
  prepareWiki,
  seen,
  upload,
} from './round-trips-support.ts';

/** Round trips, bytes and connections as the server sees them, in a wiki of 100,000 nested pages. */

const PAGES = 100_000;
const LATENCY_MS = 20;
const MAX_BYTES = 1_000_000;

/** Three folders deep, at most a hundred entries in each. */
const pathOf = (page: number) =>
  `area-${Math.floor(page / 10_000)}/topic-${Math.floor(page / 100) % 100}/page-${page % 100}`;

function* pages() {
  for (let page = 0; page < PAGES; page += 1)
    yield {
      path: `${pathOf(page)}.md`,
      text: `# Page ${page}\n\nSee [[${pathOf((page * 7 + 1) % PAGES)}]] and more.\n`,
    };
}

/** Edited, and flushed and merged since. */
const MERGED = pathOf(4_321);
/** Edited before the last flush, which no merge has taken in. */
const FLUSHED = pathOf(54_321);
/** Edited after the last flush: the journal knows it. */
const RECENT = pathOf(65_432);
/** As it was loaded. */
const UNTOUCHED = pathOf(77_777);

let server: S3Server;
let uuid: string;
const data = mkdtempSync(join(tmpdir(), 'kittiwake-trips-'));

beforeAll(async () => {
  server = await startS3Server();
  const wiki = await prepareWiki();
  const { repository } = wiki;
  uuid = repository.uuid;
  await loadPages(repository, pages());
  await commitPage(repository, `${MERGED}.md`, 'Edited.\n');
  const path = (edit: number) => `${pathOf((edit * 991) % PAGES)}.md`;
  expect(await liveOn(repository, { merges: 3, path })).toBe(3);
  await commitPage(repository, `${FLUSHED}.md`, 'Edited.\n');
  await repository.flusher.flush();
  await commitPage(repository, `${RECENT}.md`, 'Edited.\n');
  await upload(wiki, server);
  server.switches.latencyMs = LATENCY_MS;
}, 120_000);

afterAll(async () => {
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});

const fresh = () => freshService(environmentOf(server, uuid, data)).service;

async function revisionOf(path: string): Promise<string> {
  return (await ask(fresh(), 'GET', `/pages/${path}`)).body.revision;
}

async function update(service: ReturnType<typeof fresh>, path: string, revision: string) {
  const { status, body } = await ask(service, 'PUT', `/pages/${path}`, {
    content: `Written ${Math.random()}.\n`,
    revision,
  });
  expect(status).toBe(200);
  return body.revision as string;
}

test('a warm read asks whether the ledger changed, and nothing else', async () => {
  const service = fresh();
  await ask(service, 'GET', `/pages/${FLUSHED}`);
  const warm = await seen(server, () => ask(service, 'GET', `/pages/${FLUSHED}`));
  expect(warm.calls).toEqual(['GET ledger 304']);
});

test('a warm update is one put', async () => {
  const service = fresh();
  const revision = await update(service, UNTOUCHED, await revisionOf(UNTOUCHED));
  const warm = await seen(server, () => update(service, UNTOUCHED, revision));
  expect(warm.calls).toEqual(['PUT ledger']);
});

test.each([
  ['merged', MERGED],
  ['flushed', FLUSHED],
  ['untouched', UNTOUCHED],
  ['in the journal', RECENT],
])('a cold read of a page that is %s: 3 in sequence', async (_, path) => {
  const service = fresh();
  const cold = await seen(server, () => ask(service, 'GET', `/pages/${path}`));
  expect(cold.calls[0]).toBe('GET ledger');
  expect(cold.inSequence).toBeLessThanOrEqual(3);
  expect(cold.bytes).toBeLessThan(MAX_BYTES);
  expect(cold.calls).not.toContain('GET idx');
});

test.each([
  ['merged', MERGED],
  ['flushed', FLUSHED],
  ['untouched', UNTOUCHED],
])('a cold update of a page that is %s: 3 in sequence', async (_, path) => {
  const revision = await revisionOf(path);
  const service = fresh();
  const cold = await seen(server, () => update(service, path, revision));
  expect(cold.calls[0]).toBe('GET ledger');
  expect(cold.calls.at(-1)).toBe('PUT ledger');
  expect(cold.inSequence).toBeLessThanOrEqual(3);
  expect(cold.bytes).toBeLessThan(MAX_BYTES);
});

test('a cold update of a page that the journal knows: one get and one put', async () => {
  await update(fresh(), RECENT, await revisionOf(RECENT));
  const revision = await revisionOf(RECENT);
  const service = fresh();
  const cold = await seen(server, () => update(service, RECENT, revision));
  expect(cold.calls).toEqual(['GET ledger', 'PUT ledger']);
  expect(cold).toMatchObject({ inSequence: 2, connects: 1 });
});

test('a cold update with an Idempotency-Key, in a wiki whose records were flushed: 3 in sequence', async () => {
  const first = await ask(
    fresh(),
    'PUT',
    `/pages/${UNTOUCHED}`,
    {
      content: 'With a key.\n',
      revision: await revisionOf(UNTOUCHED),
    },
    { 'idempotency-key': 'first' },
  );
  expect(first.status).toBe(200);
  await (await fresh().repository()).flusher.flush();
  const service = fresh();
  const content = { content: 'With another key.\n', revision: first.body.revision };
  const cold = await seen(server, () =>
    ask(service, 'PUT', `/pages/${UNTOUCHED}`, content, { 'idempotency-key': 'second' }),
  );
  expect(cold.calls).toContain('GET keys');
  expect(cold.inSequence).toBeLessThanOrEqual(3);
});

test('a cold creation deep in new folders: 3 in sequence', async () => {
  const service = fresh();
  const cold = await seen(server, async () => {
    const made = await ask(service, 'PUT', '/pages/area-3/new/folder/and/page', { content: 'New.\n' });
    expect(made.status).toBe(201);
  });
  expect(cold.inSequence).toBeLessThanOrEqual(3);
  expect(cold.bytes).toBeLessThan(MAX_BYTES);
});

test('who links to a page is known in 3 round trips', async () => {
  const service = fresh();
  const cold = await seen(server, () => ask(service, 'GET', `/links/${UNTOUCHED}`));
  expect(cold.inSequence).toBeLessThanOrEqual(3);
  expect(cold.bytes).toBeLessThan(MAX_BYTES);
});

test('by its name a wiki costs one round trip more, once', async () => {
  const named = createS3ByteStore({
    bucket: 'wikis',
    region: server.region,
    endpoint: server.endpoint,
    variables: server.credentials,
  });
  const record = Buffer.from(`${JSON.stringify({ format: 1, uuid })}\n`);
  await named.put('wikis/handbook', [record], { ifAbsent: true });
  const { service } = freshService(environmentOf(server, 'handbook', data));
  const cold = await seen(server, () => ask(service, 'GET', `/pages/${FLUSHED}`));
  expect(cold.calls.slice(0, 2)).toEqual(['GET wikis', 'GET ledger']);
  expect(cold.inSequence).toBeLessThanOrEqual(4);
  const warm = await seen(server, () => ask(service, 'GET', `/pages/${FLUSHED}`));
  expect(warm.calls).toEqual(['GET ledger 304']);
});
