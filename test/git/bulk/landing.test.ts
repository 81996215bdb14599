import { expect, test } from 'vitest';
import type { Decision } from '../../../src/git/bulk/bulk.ts';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { collectGarbage } from '../../../src/git/upkeep/gc.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { commitFiles } from '../../support/repository.ts';
import type { Files, Left } from './bulk-support.ts';
import { bulkOf, manyPages, newWiki, storeRun } from './bulk-support.ts';
import { allTexts, exported, fastImported, problems, reopened } from './verify.ts';

/** A store that runs something when the map of an import is stored: the trees are built then, and have not landed. */
function storeWith(meanwhile: () => Promise<unknown>): ByteStore {
  const store: ByteStore = createMemoryByteStore();
  const upload = store.upload.bind(store);
  store.upload = async (key, chunks, options) => {
    const uploaded = await upload(key, chunks, options);
    if (key.endsWith('.map')) await meanwhile();
    return uploaded;
  };
  return store;
}

interface Race {
  before: Record<string, string>;
  files: Files;
  meanwhile(other: LedgerRepository): Promise<unknown>;
  decide?(path: string): Decision;
}

/** Imports files while another process writes, once, before they land. */
async function race({ before, files, meanwhile, decide = () => ({ kind: 'write' }) }: Race) {
  let isOver = false;
  const store = storeWith(async () => {
    if (isOver) return;
    isOver = true;
    await meanwhile(reopened(repository));
  });
  const repository = await newWiki({ store });
  if (Object.keys(before).length > 0) await commitFiles(repository, before);
  const left: Left = [];
  const run = await storeRun(repository, files);
  const result = await commitBulk({
    ...(await bulkOf(repository, [run], left)),
    decide: ({ row }) => decide(row.path),
  });
  return { repository, left, ...result };
}

test('what others wrote meanwhile stays, in folders that both changed, too', async () => {
  const { repository, counts } = await race({
    before: { 'a/old.md': 'old [x]', 'a/gone.md': 'gone [x]', 'b/c/only.md': 'only' },
    files: [
      ['a/new.md', 'new'],
      ['a/b/deep.md', 'deep'],
      ['z.md', 'z [x]'],
    ],
    async meanwhile(other) {
      await commitFiles(other, { 'a/old.md': 'changed [y]', 'a/gone.md': null, 'a/b/theirs.md': 't' });
      await other.flusher.flush();
      await commitFiles(other, { 'b/c/only.md': null, 'later/page.md': 'later [y]' });
    },
  });
  const texts = {
    'a/b/deep.md': 'deep',
    'a/b/theirs.md': 't',
    'a/new.md': 'new',
    'a/old.md': 'changed [y]',
    'later/page.md': 'later [y]',
    'z.md': 'z [x]',
  };
  expect(await allTexts(repository)).toEqual(texts);
  expect((await exported(repository)).tree).toBe(fastImported(Object.entries(texts)));
  expect(counts).toMatchObject({ written: 3, pagesAfter: 6 });
  expect(await problems(repository)).toEqual([]);
  const view = await repository.view();
  expect(await view.sources('x')).toEqual(['z.md']);
  expect(await view.sources('y')).toEqual(['a/old.md', 'later/page.md']);
});

test('files that both wrote are decided on once more', async () => {
  const names = ['keep', 'merge', 'refuse', 'write', 'same', 'deleted', 'added'];
  const { repository, counts, left } = await race({
    before: Object.fromEntries(names.slice(0, 6).map(name => [`d/${name}.md`, 'old [o]'])),
    files: names.map(name => [`d/${name}.md`, `ours [${name}]`] as const),
    async meanwhile(other) {
      await commitFiles(other, {
        'd/keep.md': 'theirs [t]',
        'd/merge.md': 'theirs [t]',
        'd/refuse.md': 'theirs [t]',
        'd/write.md': 'theirs [t]',
        'd/same.md': 'ours [same]',
        'd/deleted.md': null,
        'd/added.md': 'theirs [t]',
      });
    },
    decide: (() => {
      const met = new Map<string, number>();
      return (path: string): Decision => {
        const times = (met.get(path) ?? 0) + 1;
        met.set(path, times);
        const isBuilding = times === 1 && path !== 'd/added.md';
        if (isBuilding || path === 'd/write.md') return { kind: 'write' };
        if (path === 'd/merge.md') return { kind: 'replace', bytes: Buffer.from('merged [m]') };
        if (path === 'd/refuse.md')
          return { kind: 'refuse', refusal: { code: 'page_changed', message: 'x' } };
        return { kind: 'keep' };
      };
    })(),
  });
  const texts = {
    'd/added.md': 'theirs [t]',
    'd/deleted.md': 'ours [deleted]',
    'd/keep.md': 'theirs [t]',
    'd/merge.md': 'merged [m]',
    'd/refuse.md': 'theirs [t]',
    'd/same.md': 'ours [same]',
    'd/write.md': 'ours [write]',
  };
  expect(await allTexts(repository)).toEqual(texts);
  expect((await exported(repository)).tree).toBe(fastImported(Object.entries(texts)));
  expect(left).toEqual([['d/refuse.md', 'page_changed']]);
  expect(counts).toMatchObject({ written: 3, replaced: 1, kept: 2, refused: 1, unchanged: 1, pagesAfter: 7 });
  expect(await problems(repository)).toEqual([]);
  const view = await repository.view();
  expect(await view.sources('t')).toEqual(['d/added.md', 'd/keep.md', 'd/refuse.md']);
  expect(await view.sources('o')).toEqual([]);
  expect(await view.sources('m')).toEqual(['d/merge.md']);
  const changed = (await view.logEntry(view.head ?? ''))?.changes.map(({ path }) => path);
  expect(changed).toEqual(['d/deleted.md', 'd/merge.md', 'd/write.md']);
});

test('a folder of others where a file is to be written has everything made anew', async () => {
  const { repository, left } = await race({
    before: {},
    files: [
      ['clash', 'a file'],
      ['a/b.md', 'b'],
    ],
    meanwhile: other => commitFiles(other, { 'clash/page.md': 'theirs' }),
  });
  expect(await allTexts(repository)).toEqual({ 'a/b.md': 'b', 'clash/page.md': 'theirs' });
  expect(left).toEqual([['clash', 'path_clash']]);
  expect(await problems(repository)).toEqual([]);
});

test('other rules have every path asked for again', async () => {
  let asked = 0;
  const repository: LedgerRepository = await newWiki({
    store: storeWith(async () => {
      if (asked > 0) return;
      asked += 1;
      await reopened(repository).changePolicy(() => ({ policy: { closed: 'a' }, result: true }));
    }),
  });
  const left: Left = [];
  const run = await storeRun(repository, [
    ['a/x.md', 'x'],
    ['b/x.md', 'x'],
  ]);
  await commitBulk({
    ...(await bulkOf(repository, [run], left)),
    refuse: view => path => {
      const { closed } = (view.policy ?? {}) as { closed?: string };
      return closed !== undefined && path.startsWith(closed)
        ? { code: 'forbidden', message: 'no' }
        : undefined;
    },
  });
  expect(await allTexts(repository)).toEqual({ 'b/x.md': 'x' });
  expect(left).toEqual([['a/x.md', 'forbidden']]);
});

test('writers of the same and of other processes all get through while it lands', async () => {
  const store = createMemoryByteStore();
  const repository = await newWiki({ store });
  const other = reopened(repository);
  const files = [...manyPages(3000)];
  const run = await storeRun(repository, files);
  const bulk = await bulkOf(repository, [run]);
  let isDone = false;
  const write = async (from: LedgerRepository, name: string) => {
    let count = 0;
    while (!isDone) await commitFiles(from, { [`section-1/${name}-${count++}.md`]: `${name} ${count}` });
    return count;
  };
  const writing = Promise.all([write(repository, 'same'), write(other, 'other')]);
  const { counts } = await commitBulk(bulk);
  isDone = true;
  const [same, others] = await writing;
  expect(counts.written).toBe(3000);
  expect(Object.keys(await allTexts(repository))).toHaveLength(3000 + same + others);
  expect(await problems(repository)).toEqual([]);
});

test('packs that a collection took are missed, and those that are kept are not', async () => {
  const repository = await newWiki();
  const files = [...manyPages(20)];
  const run = await storeRun(repository, files);
  const names = new Set([run.pack?.name ?? '']);
  const collect = { orphanGraceMs: 0, readerGraceMs: 0 };
  await storeRun(repository, [['left/behind.md', 'x']]);
  const bulk = await bulkOf(repository, [run]);
  const { condemned } = await collectGarbage(repository, { ...collect, keep: async () => names });
  expect(condemned).toHaveLength(1);
  // The collection has another number now, and the packs are there all the same.
  const { counts } = await commitBulk(bulk);
  expect(counts.written).toBe(20);
  const lost = await storeRun(repository, [['lost.md', 'x']]);
  const later = await bulkOf(repository, [lost]);
  await collectGarbage(repository, collect);
  await expect(commitBulk(later)).rejects.toMatchObject({ code: 'packs_collected' });
  expect(await problems(repository)).toEqual([]);
});
