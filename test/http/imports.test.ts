import { expect, test } from 'vitest';
import { openJobs } from '../../src/import/job/jobs.ts';
import { type Harness, openWiki } from './harness.ts';
import { PROXY, proxied } from './proxied.ts';

const TABLE = 'path,content\na,one\nb,two\n';

async function started(wiki: Harness, more: object = {}, headers: Record<string, string> = {}) {
  return await wiki.call('POST', '/imports', { name: 'pages.csv', size: TABLE.length, ...more }, headers);
}

function join(more: object): object {
  return { join: { with: 'wiki', on: 'path', ...more } };
}

async function* cut(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** A PUT whose length nobody knows beforehand. */
async function streamed(wiki: Harness, id: string, ...texts: string[]) {
  const { status, body } = await wiki.service.app.handle({
    method: 'PUT',
    path: `/api/v1/imports/${id}/source`,
    query: '',
    headers: { authorization: 'Bearer test-key', 'transfer-encoding': 'chunked' },
    body: cut(...texts),
  });
  return { status, body: JSON.parse(String(body)) };
}

test('an import is followed from its start to its end', async () => {
  const wiki = await openWiki();
  const { status, body, headers } = await started(wiki, { name: '../../x\u0000\\pages.csv', dry_run: true });
  expect([status, headers.location, body]).toMatchObject([
    201,
    `/api/v1/imports/${body.id}`,
    {
      state: 'awaiting_upload',
      name: 'pages.csv',
      created_by: 'api-key',
      upload: { size: TABLE.length, received: 0, url: `/api/v1/imports/${body.id}/source` },
      options: { existing: 'skip', on_error: 'skip', dry_run: true, max_rows: 10_000_000 },
    },
  ]);
  const sent = await wiki.call('PUT', `/imports/${body.id}/source`, Buffer.from(TABLE));
  expect([sent.status, sent.body]).toMatchObject([202, { state: 'queued', upload: null }]);
  expect((await wiki.call('GET', '/imports')).body.imports).toMatchObject([{ id: body.id, state: 'queued' }]);
  const deleted = await wiki.call('DELETE', `/imports/${body.id}`);
  expect([deleted.status, deleted.body.code]).toEqual([409, 'import_unfinished']);
  const cancelled = await wiki.call('POST', `/imports/${body.id}/cancel`);
  expect([cancelled.status, cancelled.body]).toMatchObject([202, { state: 'cancelled' }]);
  expect((await wiki.call('DELETE', `/imports/${body.id}`)).status).toBe(200);
  expect((await wiki.call('GET', `/imports/${body.id}`)).status).toBe(404);
});

test('how a table is to be read is kept with its import', async () => {
  const wiki = await openWiki();
  const { body } = await started(wiki, { columns: ['path', 'content'], lenient: true, delimiter: ';' });
  const { store, uuid, runtime } = await wiki.service.repository();
  const { options } = await openJobs({ store, uuid, runtime }).read(body.id);
  expect(options.reading).toEqual({ columns: ['path', 'content'], isLenient: true, delimiter: ';' });
});

test('a source is sent in pieces, which must follow one another', async () => {
  const wiki = await openWiki();
  const { body } = await started(wiki);
  const piece = (range: string, text: string) =>
    wiki.call('PUT', `/imports/${body.id}/source`, Buffer.from(text), { 'content-range': range });
  expect((await piece(`bytes 0-9/${TABLE.length}`, TABLE.slice(0, 10))).body.upload.received).toBe(10);
  const gap = await piece(`bytes 12-24/${TABLE.length}`, TABLE.slice(12));
  expect([gap.status, gap.body]).toMatchObject([409, { code: 'upload_misplaced', received: 10 }]);
  for (const range of ['bytes 10-9/25', 'bytes x', 'bytes 10-11/25'])
    expect([range, (await piece(range, TABLE.slice(10))).status]).toEqual([range, 422]);
  const read = await wiki.call('GET', `/imports/${body.id}`);
  expect(read.body.upload).toMatchObject({ received: 10 });
  const last = await piece(`bytes 10-${TABLE.length - 1}/*`, TABLE.slice(10));
  expect([last.status, last.body.state]).toEqual([202, 'queued']);
});

test('too large is refused before, by its length, and while it comes, and nothing is left', async () => {
  const wiki = await openWiki({ KITTIWAKE_IMPORT_MAX: '1KiB' });
  const announced = await started(wiki, { size: 1025 });
  expect([announced.status, announced.body]).toMatchObject([413, { code: 'import_too_large', limit: 1024 }]);
  expect((await wiki.call('GET', '/imports')).body.imports).toEqual([]);
  const { body } = await started(wiki, { size: 10 });
  const longer = await wiki.call('PUT', `/imports/${body.id}/source`, Buffer.alloc(11));
  expect([longer.status, longer.body.code]).toEqual([413, 'import_too_large']);
  expect((await wiki.call('GET', `/imports/${body.id}`)).body.state).toBe('awaiting_upload');
  const flood = await streamed(wiki, body.id, '01234', '56789', 'and more');
  expect([flood.status, flood.body.code]).toEqual([413, 'import_too_large']);
  const { body: failed } = await wiki.call('GET', `/imports/${body.id}`);
  expect(failed).toMatchObject({ state: 'failed', failure: { code: 'import_too_large' } });
  const store = await wiki.service.store();
  const { objects } = await store.list('job-files/');
  expect(objects.filter(({ key }) => key.includes(body.id))).toEqual([]);
});

test('a request that is sent again under its Idempotency-Key starts nothing more', async () => {
  const wiki = await openWiki();
  const key = { 'idempotency-key': 'once' };
  const [first, second] = [await started(wiki, {}, key), await started(wiki, {}, key)];
  expect([second.status, second.body.id, second.headers['idempotency-replayed']]).toEqual([
    201,
    first.body.id,
    'true',
  ]);
  const other = await started(wiki, { dry_run: true }, key);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
  expect((await wiki.call('GET', '/imports')).body.imports).toHaveLength(1);
});

test('who starts too many is told when to come again', async () => {
  const wiki = await openWiki({ KITTIWAKE_IMPORT_STARTS: '4' });
  for (const _ of [1, 2]) expect((await started(wiki)).status).toBe(201);
  const { status, headers, body } = await started(wiki);
  expect([status, body.code]).toEqual([429, 'rate_limited']);
  expect(Number(headers['retry-after'])).toBeGreaterThan(3000);
});

test('imports of others are not there', async () => {
  const wiki = await openWiki(PROXY);
  const [anna, ben] = [proxied('anna', 'READ WRITE UPLOAD'), proxied('ben', 'READ WRITE UPLOAD')];
  const admin = proxied('eve', 'READ WRITE UPLOAD ADMIN');
  const { body } = await started(wiki, {}, anna);
  const id = body.id as string;
  expect((await wiki.call('GET', `/imports/${id}`, undefined, anna)).status).toBe(200);
  expect((await wiki.call('GET', `/imports/${id}`, undefined, admin)).status).toBe(200);
  const requests = [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/errors'],
    ['GET', '/sample'],
    ['POST', '/cancel'],
    ['POST', '/complete'],
  ] as const;
  for (const [method, rest] of requests) {
    const { status, body: refused } = await wiki.call(method, `/imports/${id}${rest}`, undefined, ben);
    expect([method, rest, status, refused.code]).toEqual([method, rest, 404, 'import_not_found']);
  }
  const sent = await wiki.call('PUT', `/imports/${id}/source`, Buffer.from(TABLE), ben);
  expect(sent.status).toBe(404);
  expect((await wiki.call('GET', '/imports', undefined, ben)).body).toEqual({ imports: [] });
  expect((await wiki.call('GET', '/imports', undefined, admin)).body.imports).toHaveLength(1);
});

test('who may not write and upload somewhere starts nothing', async () => {
  const wiki = await openWiki(PROXY);
  for (const roles of ['READ', 'READ WRITE']) {
    const { status, body } = await started(wiki, {}, proxied('anna', roles));
    expect([roles, status, body.code]).toEqual([roles, 403, 'forbidden']);
  }
  const git = await started(wiki, { format: 'git' }, proxied('anna', 'READ WRITE UPLOAD'));
  expect([git.status, git.body.code]).toEqual([403, 'forbidden']);
});

test('what would come to nothing is refused before anything is sent', async () => {
  const wiki = await openWiki();
  const refusals = [
    [{ size: 0 }, 'body_invalid'],
    [{ existing: 'both' }, 'body_invalid'],
    [{ max_rows: 0 }, 'body_invalid'],
    [{ columns: Array(1_001).fill('a') }, 'body_invalid'],
    [{ columns: ['a'.repeat(64_001)] }, 'body_invalid'],
    [{ lenient: 'yes' }, 'body_invalid'],
    [{ other: 1 }, 'body_invalid'],
    [{ commit_message: 'x'.repeat(1001) }, 'body_invalid'],
    [{ pipeline: { steps: [{ filter: 'x'.repeat(64_000) }] } }, 'body_invalid'],
    [{ pipeline: { steps: [{ explode: true }] } }, 'pipeline_invalid'],
    [{ pipeline: { steps: [{ filter: 'a matches "((((){500}){500}){500}){500}"' }] } }, 'pipeline_invalid'],
    [{ pipeline: { steps: [join({ 'max-mb': 513 })] } }, 'pipeline_invalid'],
    [{ pipeline: { steps: [join({ with: ['wiki', 'wiki', 'wiki', 'wiki', 'wiki'] })] } }, 'pipeline_invalid'],
    [{ pipeline: { steps: Array(7).fill({ dedupe: {} }) } }, 'pipeline_invalid'],
    [{ pipeline: { sources: { s: { file: '/etc/passwd' } } } }, 'pipeline_source_unavailable'],
    [{ into: 'a/../../b' }, 'path_invalid'],
  ] as const;
  for (const [more, code] of refusals) {
    const { status, body } = await started(wiki, more);
    expect([more, status, body.code]).toEqual([more, 422, code]);
  }
  await wiki.write('a', 'page');
  await wiki.call('PUT', '/policy/limits', { pages: 1 });
  const full = await started(wiki);
  expect([full.status, full.body.code]).toEqual([413, 'quota_pages']);
  expect((await started(wiki, { dry_run: true })).status).toBe(201);
});

test('the list goes on where it ended, and its cursor is an id', async () => {
  const wiki = await openWiki();
  const ids: string[] = [];
  for (const _ of [1, 2, 3]) ids.push((await started(wiki)).body.id);
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await wiki.call('GET', `/imports?limit=1&cursor=${cursor}`);
    found.push(...body.imports.map(({ id }: { id: string }) => id));
    if (body.next_cursor === undefined) break;
    cursor = body.next_cursor;
  }
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect((await wiki.call('GET', '/imports?cursor=../x')).status).toBe(422);
});
