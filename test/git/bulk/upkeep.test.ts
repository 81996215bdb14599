import { expect, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { purgeHistory } from '../../../src/git/purge/purge.ts';
import { collectGarbage } from '../../../src/git/upkeep/gc.ts';
import { chooseRun, mergeRun } from '../../../src/git/upkeep/merge.ts';
import { pruneUnreachable } from '../../../src/git/upkeep/prune.ts';
import { rewriteMaps } from '../../../src/git/upkeep/rewrite-maps.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { commitFiles } from '../../support/repository.ts';
import { bulkOf, manyPages, newWiki, storeRun } from './bulk-support.ts';
import { allTexts, exported, problems, reopened } from './verify.ts';

const FILES = [...manyPages(1500)];

/** A wiki with an import between other commits. */
async function importedWiki(): Promise<{ repository: LedgerRepository; commit: string }> {
  const repository = await newWiki();
  await commitFiles(repository, { 'first.md': 'first [all]', [FILES[3]?.[0] ?? '']: 'older [x]' });
  const { commit = '' } = await commitBulk(await bulkOf(repository, [await storeRun(repository, FILES)]));
  await commitFiles(repository, { 'last.md': 'last', [FILES[5]?.[0] ?? '']: 'newer [y]' });
  await repository.flusher.flush();
  return { repository, commit };
}

async function touchesOf(repository: LedgerRepository, path: string): Promise<string[]> {
  const commits: string[] = [];
  for await (const { commit } of (await repository.view({ maxAgeMs: 0 })).touches(path)) commits.push(commit);
  return commits;
}

test('an import is merged with its neighbours, pruned and collected, and stays what it was', async () => {
  const { repository, commit } = await importedWiki();
  const [tree, texts] = [(await exported(repository)).tree, await allTexts(repository)];
  const paths = FILES.slice(2, 7).map(([path]) => path);
  const touches = await Promise.all(paths.map(path => touchesOf(repository, path)));
  const ledger = await repository.ledger(0);
  expect(await mergeRun(repository, ledger, ledger.packs)).toHaveLength(ledger.packs.length);
  const merged = reopened(repository);
  expect(await Promise.all(paths.map(path => touchesOf(merged, path)))).toEqual(touches);
  expect((await (await merged.view()).logEntry(commit))?.omitted).toBe(500);
  expect((await merged.ledger(0)).packs[0]?.map?.format).toBe(2);
  expect(await problems(repository)).toEqual([]);
  await pruneUnreachable(repository);
  await collectGarbage(repository, { orphanGraceMs: 0, readerGraceMs: 0 });
  expect((await exported(reopened(repository))).tree).toBe(tree);
  expect(await allTexts(reopened(repository))).toEqual(texts);
});

test('maps that are made anew tell the same', async () => {
  const { repository, commit } = await importedWiki();
  const path = FILES[5]?.[0] ?? '';
  const before = await touchesOf(repository, path);
  await rewriteMaps(repository);
  expect(await problems(repository)).toEqual([]);
  expect(await touchesOf(reopened(repository), path)).toEqual(before);
  expect(before[1]).toBe(commit);
});

test('contents that only an omitted change tells of are purged', async () => {
  const { repository } = await importedWiki();
  const [path, text] = FILES.find(([each]) => each.startsWith('section-6/part 9')) ?? ['', ''];
  expect((await allTexts(repository))[path]).toBe(text);
  const report = await purgeHistory(repository, { paths: [path], blobs: [] });
  expect(report).toMatchObject({ commits: [expect.objectContaining({ paths: [path] })] });
  const after = reopened(repository);
  expect((await allTexts(after))[path]).toBeUndefined();
  expect(Object.keys(await allTexts(after))).toHaveLength(1501);
  expect(await problems(after)).toEqual([]);
});

test('a merge stops before a map that is too large for memory', () => {
  const pack = { name: 'p', bytes: 100, indexBytes: 10, objects: 3 };
  const map = (bytes: number) => ({ format: 2 as const, bytes, packs: [], logLength: 1, sections: {} });
  const packs = [pack, pack, { ...pack, map: map(33 << 20) }, pack];
  expect(chooseRun(packs, 1 << 30)).toHaveLength(2);
  expect(chooseRun([pack, pack, { ...pack, map: map(32 << 20) }, pack], 1 << 30)).toHaveLength(4);
});

test('a ledger that lists an import is of a format that older releases refuse', async () => {
  const store = createMemoryByteStore();
  const repository = await newWiki({ store });
  await commitBulk(await bulkOf(repository, [await storeRun(repository, [['a.md', 'a']])]));
  const got = await store.get(`ledger/${repository.uuid}`);
  expect(got.kind === 'found' && got.bytes.toString('latin1')).toContain('"format":3');
});
