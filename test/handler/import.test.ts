import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createImportHandler, type ImportHandlerOptions } from '../../src/handler/import.ts';
import { CraftedBundle } from '../support/bundle.ts';
import { commitFiles } from '../support/repository.ts';
import { bareEtag } from '../support/s3-server.ts';
import {
  CONTEXT,
  type FunctionBed,
  functionBed,
  logLines,
  notice,
  queueEvent,
  TEST_NOTICE,
} from './queue-support.ts';

const KEY = 'imports/old.bundle';
const failed = (...ids: string[]) => ({ batchItemFailures: ids.map(itemIdentifier => ({ itemIdentifier })) });

/** A history of `commits` commits with one page. */
function bundleOf(commits = 2, text = 'gull\n'): Buffer {
  const bundle = new CraftedBundle();
  let head: string | undefined;
  for (let n = 0; n < commits; n += 1) {
    const blob = bundle.add('blob', `${text}${n}`);
    const tree = bundle.tree({ mode: '100644', name: 'home.md', oid: blob });
    head = head === undefined ? bundle.commit(tree) : bundle.commit(tree, head);
  }
  return bundle.finish({ 'refs/heads/main': head ?? '' });
}

function damaged(bytes: Buffer): Buffer {
  return bytes.fill(7, bytes.length - 60, bytes.length - 40);
}

/** Puts bytes into the bucket; resolves with the notice of it. */
async function put(bed: FunctionBed, bytes: Buffer | string, sequencer = '01', key = KEY): Promise<string> {
  const answer = await bed.send('PUT', key, { body: bytes, signedMs: bed.runtime.now() });
  expect(answer.status).toBe(200);
  return notice(key, { etag: bareEtag(answer), sequencer });
}

async function resultOf(bed: FunctionBed, key = KEY) {
  const { status, text } = await bed.send('GET', `${key}.result.json`, { signedMs: bed.runtime.now() });
  return status === 200 ? JSON.parse(text) : undefined;
}

function start(bed: FunctionBed, options: Partial<ImportHandlerOptions> = {}) {
  const { lines, write } = logLines();
  const env: Record<string, string> = { ...bed.environment(), KITTIWAKE_LOG_LEVEL: 'debug' };
  const handler = createImportHandler({ env, runtime: bed.runtime, write, ...options });
  const folder = join(env.KITTIWAKE_DATA ?? '', 'imports');
  return { handler, lines, folder };
}

async function headOf(bed: FunctionBed) {
  const { head, ordinal } = await (await bed.open().repository()).view({ maxAgeMs: 0 });
  return { head, ordinal };
}

describe('the import function', () => {
  test('brings a bundle in, and says so beside it', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    const { handler, lines, folder } = start(bed);
    expect(await handler(queueEvent(TEST_NOTICE, written), CONTEXT)).toEqual(failed());
    const { head, ordinal } = await headOf(bed);
    expect(ordinal).toBe(1);
    expect(await resultOf(bed)).toMatchObject({
      format: 1,
      state: 'done',
      source: { key: KEY, upload: '01', etag: expect.stringMatching(/^\w+$/), bytes: bundleOf().length },
      report: { commits: 2, pages: 1, head },
    });
    expect(lines).toMatchObject([{ event: 'import', state: 'done', commits: 2, pages: 1 }]);
    expect(JSON.stringify(lines)).not.toContain('old.bundle');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a notice that comes again does nothing again', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    await start(bed).handler(queueEvent(written), CONTEXT);
    const [head, result] = [await headOf(bed), await resultOf(bed)];
    await commitFiles(await bed.open().repository(), { 'later.md': 'tern' });
    bed.server.requests.clear();
    const { handler, lines } = start(bed);
    expect(await handler(queueEvent(written, written), CONTEXT)).toEqual(failed());
    expect(bed.server.requests.all.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(lines).toMatchObject([{ state: 'settled' }, { state: 'settled' }]);
    expect(await resultOf(bed)).toEqual(result);
    expect((await headOf(bed)).ordinal).toBe(head.ordinal + 1);
  });

  test('has administrators mailed what failed for good, once, also when the process before could not', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'in the way' });
    const written = await put(bed, bundleOf());
    await start(bed).handler(queueEvent(written), CONTEXT);
    const waiting = async () => (await (await bed.open().store()).list('outbox/')).objects.length;
    expect(await waiting()).toBe(0);
    const mailing = { ...bed, environment: () => ({ ...bed.environment(), KITTIWAKE_MAIL: 'smtp' }) };
    for (let time = 0; time < 2; time += 1) {
      await start(mailing).handler(queueEvent(written), CONTEXT);
      expect(await waiting()).toBe(1);
    }
  });

  test('the same bytes put there anew are another upload', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'in the way' });
    await start(bed).handler(queueEvent(await put(bed, bundleOf(), '01')), CONTEXT);
    expect(await resultOf(bed)).toMatchObject({
      source: { upload: '01' },
      error: { code: 'wiki_not_empty' },
    });
    await start(bed).handler(queueEvent(await put(bed, bundleOf(), '02')), CONTEXT);
    expect(await resultOf(bed)).toMatchObject({ state: 'failed', source: { upload: '02' } });
    // A bucket whose versioning was suspended gives all versions one id.
    const unversioned = (await put(bed, bundleOf(), '03')).replace(
      '"sequencer"',
      '"versionId":"null","sequencer"',
    );
    await start(bed).handler(queueEvent(unversioned), CONTEXT);
    expect(await resultOf(bed)).toMatchObject({ source: { upload: '03' } });
  });

  test('ignores what is no source', async () => {
    const bed = await functionBed();
    const { handler } = start(bed);
    bed.server.requests.clear();
    const others = [
      'imports/a.bundle.result.json',
      'imports/',
      'imports/a/',
      `ledger/${bed.uuid}`,
      'a/imports/b',
    ];
    const bodies = [...others.map(key => notice(key)), notice(KEY, { bucket: 'another' })];
    expect(await handler(queueEvent(...bodies), CONTEXT)).toEqual(failed());
    expect(bed.server.requests.all).toEqual([]);
  });

  test.each([
    ['no bundle', 'PK\x03\x04', 'source_unsupported'],
    ['nothing', '', 'source_unsupported'],
    ['a damaged bundle', damaged(bundleOf()), 'source_corrupt'],
    ['a bundle without a branch', new CraftedBundle().finish({}), 'nothing_to_import'],
  ])('%s is refused once, and not tried again', async (_, bytes, code) => {
    const bed = await functionBed();
    const { handler, folder } = start(bed);
    expect(await handler(queueEvent(await put(bed, bytes)), CONTEXT)).toEqual(failed());
    const { state, error } = await resultOf(bed);
    expect([state, error.code]).toEqual(['failed', code]);
    expect(error.message).toContain(`"${KEY}"`);
    expect(error.message).not.toContain(folder);
    expect(await headOf(bed)).toEqual({ head: undefined, ordinal: -1 });
  });

  test('a source that is too large is refused without being read', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    bed.server.requests.clear();
    await start(bed, { maxBytes: 100 }).handler(queueEvent(written), CONTEXT);
    const read = bed.server.requests.all.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    expect(read).toBeLessThan(bundleOf().length);
    const error = { code: 'source_too_large', message: expect.stringContaining('the limit is 100 ') };
    expect(await resultOf(bed)).toMatchObject({ state: 'failed', error });
    const small = await functionBed();
    await start(small).handler(queueEvent(await put(small, bundleOf())), {
      ...CONTEXT,
      memoryLimitInMB: '0',
    });
    expect(await resultOf(small)).toMatchObject({ error: { code: 'source_too_large' } });
  });

  test('a failure that may pass leaves no result, and the message comes again', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    const { handler, lines } = start(bed);
    bed.server.switches.permissions = ({ action, key }) =>
      !(action === 's3:PutObject' && key?.startsWith('packs/'));
    expect(await handler(queueEvent(TEST_NOTICE, written), CONTEXT)).toEqual(failed('m2'));
    expect(lines).toMatchObject([
      { event: 'import' },
      { event: 'import_failed', message_id: 'm2', code: 'storage_denied' },
    ]);
    expect(await resultOf(bed)).toBeUndefined();
    bed.server.switches.permissions = () => true;
    expect(await handler(queueEvent(written), CONTEXT)).toEqual(failed());
    expect(await resultOf(bed)).toMatchObject({ state: 'done', report: { commits: 2 } });
  });

  test('what ended after the import and before the result does not import twice', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    bed.server.switches.permissions = ({ action, key }) =>
      !(action === 's3:PutObject' && key?.endsWith('.json'));
    expect(await start(bed).handler(queueEvent(written), CONTEXT)).toEqual(failed('m1'));
    const head = await headOf(bed);
    expect(head.ordinal).toBe(1);
    bed.server.switches.permissions = () => true;
    expect(await start(bed).handler(queueEvent(written), CONTEXT)).toEqual(failed());
    expect(await headOf(bed)).toEqual(head);
    expect(await resultOf(bed)).toMatchObject({ state: 'done', report: { commits: 0 } });
  });

  test('what cannot be done in time changes nothing and comes again', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    const { handler, lines } = start(bed);
    const context = { ...CONTEXT, getRemainingTimeInMillis: () => 9_000 };
    expect(await handler(queueEvent(written), context)).toEqual(failed('m1'));
    expect(lines).toMatchObject([{ event: 'import' }, { event: 'import_failed', code: 'deadline_exceeded' }]);
    expect([await resultOf(bed), (await headOf(bed)).ordinal]).toEqual([undefined, -1]);
  });

  test('a source that was replaced or deleted since is left to its own notice', async () => {
    const bed = await functionBed();
    const first = await put(bed, bundleOf(), '01');
    const second = await put(bed, bundleOf(3, 'tern\n'), '02');
    const { handler, lines } = start(bed);
    expect(await handler(queueEvent(first, notice('imports/gone')), CONTEXT)).toEqual(failed());
    expect(lines).toMatchObject([{ state: 'replaced' }, { state: 'replaced' }]);
    expect([await resultOf(bed), (await headOf(bed)).ordinal]).toEqual([undefined, -1]);
    await handler(queueEvent(second), CONTEXT);
    expect(await resultOf(bed)).toMatchObject({ source: { upload: '02' }, report: { commits: 3 } });
  });

  test('two at once import once', async () => {
    const bed = await functionBed();
    const written = await put(bed, bundleOf());
    const answers = await Promise.all([1, 2].map(() => start(bed).handler(queueEvent(written), CONTEXT)));
    await start(bed).handler(queueEvent(written), CONTEXT);
    expect(answers).toContainEqual(failed());
    expect((await headOf(bed)).ordinal).toBe(1);
    expect(await resultOf(bed)).toMatchObject({ state: 'done' });
  });

  test('before the wiki is born the message comes again; what is no notice or has no possible name fails alone', async () => {
    const bed = await functionBed({ born: false });
    const bodies = [await put(bed, bundleOf()), '{', notice('imports/a+b.bundle'), TEST_NOTICE];
    expect(await start(bed).handler(queueEvent(...bodies), CONTEXT)).toEqual(failed('m1', 'm2', 'm3'));
    await bed.open().createWiki();
    expect(await start(bed).handler(queueEvent(...bodies), CONTEXT)).toEqual(failed('m2', 'm3'));
  });

  test('removes what an earlier process left on the disk', async () => {
    const bed = await functionBed();
    const { handler, folder } = start(bed);
    mkdirSync(join(folder, 'import-x'), { recursive: true });
    writeFileSync(join(folder, 'import-x', 'bundle'), 'x');
    await handler(queueEvent(TEST_NOTICE), CONTEXT);
    expect(existsSync(folder)).toBe(false);
  });

  test('refuses an event of another kind', async () => {
    const { handler } = start(await functionBed());
    await expect(handler({ schedule: true }, CONTEXT)).rejects.toMatchObject({ code: 'event_unknown' });
  });
});
