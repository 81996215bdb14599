import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { packKey } from '../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { pruneUnreachable } from '../../src/git/upkeep/prune.ts';
import { rewriteMaps } from '../../src/git/upkeep/rewrite-maps.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { allOf, commitStreamed, noise, storeStream } from '../support/large-files.ts';
import { nativeGit } from '../support/native-git.ts';
import { needs } from '../support/needs.ts';
import { recordingStore } from '../support/recording-store.ts';
import { commitFiles, exportTo, newRepository } from '../support/repository.ts';

const LARGE = noise(17 << 20);
/** What of a large file may be in memory at once. */
const MAX_READ_BYTES = 8 << 20;
/** The header of an entry and what may be read along: nothing of the content to speak of. */
const MAX_LOOK_BYTES = 4096;

/** A wiki with a page, a large file attached to it, and what its packs are read for. */
async function withLargeFile() {
  const { store, reads } = recordingStore(createMemoryByteStore());
  const describePage = createDescribe(DEFAULT_SETTINGS);
  const repository = await newRepository({ store, flush: null, describe: describePage });
  const wiki = createWiki({ repository, runtime: systemRuntime });
  await commitFiles(repository, { 'home.md': '[[other]]', 'other.md': '[[home]]' });
  const streamed = await storeStream(repository, LARGE);
  const commit = await commitStreamed(repository, 'home/film.bin', streamed);
  await repository.flusher.flush();
  const { pack } = streamed.stored.place;
  const key = packKey(repository.uuid, pack, 'pack');
  return {
    repository,
    wiki,
    streamed,
    commit,
    pack,
    key,
    /** The largest read of the file's pack since the last call. */
    largestRead() {
      const found = reads.filter(read => read.key === key).map(read => read.bytes);
      reads.length = 0;
      return Math.max(0, ...found);
    },
  };
}

/** Four flushes, with the large file's pack somewhere below them. */
async function flushOften(repository: LedgerRepository): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await commitFiles(repository, { 'other.md': `round ${round}`, [`p${round}.md`]: 'x' });
    await repository.flusher.flush();
  }
}

describe('the pack of a large file', () => {
  it('is not read by what does not need its content', async () => {
    const { repository, wiki, commit, largestRead } = await withLargeFile();
    largestRead();
    await wiki.listAttachments('home');
    await wiki.listPages();
    await wiki.linkGraph();
    await wiki.pageHistory('home');
    await wiki.renamePage({ path: 'home', newPath: 'start' });
    await wiki.changelog();
    await wiki.pageHistory('start');
    await wiki.deleteAttachment({ path: 'start', filename: 'film.bin' });
    await wiki.revert((await repository.view()).head ?? '');
    expect((await wiki.listAttachments('start')).attachments).toMatchObject([{ size: LARGE.length }]);
    await expect(wiki.readAttachment('start', 'film.bin')).rejects.toMatchObject({
      code: 'attachment_not_inline',
    });
    await wiki.deletePage({ path: 'start', recursive: true });
    await wiki.changelog();
    await repository.flusher.flush();
    await repository.view().then(view => view.described());
    expect(largestRead()).toBeLessThan(MAX_LOOK_BYTES);
    await wiki.revert(commit).catch(() => undefined);
    expect(largestRead()).toBeLessThan(MAX_LOOK_BYTES);
  });

  it('stays as it is while the packs around it are merged', async () => {
    const { repository, pack, streamed, largestRead } = await withLargeFile();
    await flushOften(repository);
    largestRead();
    const merged = await mergeNewest(repository);
    expect(merged).toHaveLength(5);
    expect(merged).not.toContain(pack);
    await collectGarbage(repository, { readerGraceMs: 0, orphanGraceMs: 0 });
    expect(largestRead()).toBe(0);
    const { packs } = await repository.ledger();
    expect(packs).toHaveLength(2);
    expect(packs.map(each => each.name)).toContain(pack);
    const view = await repository.view();
    expect((await allOf((await view.openBlob(streamed.oid)).chunks)).equals(LARGE)).toBe(true);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('is examined piece by piece, and so are new maps made', async () => {
    const { repository, largestRead } = await withLargeFile();
    await flushOften(repository);
    largestRead();
    expect((await examine(repository)).findings).toEqual([]);
    expect(largestRead()).toBeLessThanOrEqual(MAX_READ_BYTES);
    await rewriteMaps(repository);
    expect(largestRead()).toBeLessThanOrEqual(MAX_READ_BYTES);
    expect(await mergeNewest(repository, { minPacks: 2 })).toHaveLength(6);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it.each([
    ['a byte of the content', 9 << 20],
    ['the size in its header', 12],
    ['its checksum', -1],
  ])('is found damaged: %s', async (_, at) => {
    const { repository, key } = await withLargeFile();
    const got = await repository.store.get(key);
    if (got.kind !== 'found') throw new Error('The pack is not there');
    const place = at < 0 ? got.bytes.length + at : at;
    got.bytes[place] = (got.bytes[place] ?? 0) ^ 0x10;
    await repository.store.delete([key]);
    await repository.store.put(key, [got.bytes], { immutable: true });
    const { findings } = await examine(repository);
    expect(findings[0]).toMatchObject({ severity: 'error', code: 'pack_corrupt' });
    expect(findings[0]?.message).toContain(key);
  });

  it('outlives a pruning that drops others, and goes when nothing reaches it', async () => {
    const { repository, pack, largestRead } = await withLargeFile();
    const lost = await storeStream(repository, noise(17 << 20, 99));
    const { place, packBytes } = lost.stored;
    const ref = { name: place.pack, bytes: packBytes, indexBytes: 1100, objects: 1 };
    await repository.amend<true>({
      apply: async current => ({
        kind: 'change',
        value: { ...current, packs: [ref, ...current.packs] },
        result: true,
      }),
      settle: async () => undefined,
    });
    largestRead();
    expect(await pruneUnreachable(repository, 1 << 20)).toEqual({ unreachable: 1, replaced: [place.pack] });
    expect(await pruneUnreachable(repository, 1 << 20)).toEqual({ unreachable: 0, replaced: [] });
    expect(largestRead()).toBe(0);
    expect((await repository.ledger()).packs.map(each => each.name)).toContain(pack);
    expect((await collectGarbage(repository, { readerGraceMs: 0 })).deleted).toEqual([place.pack]);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('is exported piece by piece, to what native git accepts', async ctx => {
    needs(ctx, 'git');
    const { repository, largestRead } = await withLargeFile();
    await flushOften(repository);
    await mergeNewest(repository);
    largestRead();
    const folder = temporaryFolder();
    await exportTo(repository, `${folder}/wiki.git`);
    expect(largestRead()).toBeLessThanOrEqual(MAX_READ_BYTES);
    expect(nativeGit(`${folder}/wiki.git`, 'fsck', '--full', '--strict')).toBe('');
  });

  it('and no other pack grows above the limit of a merge', async () => {
    const { repository } = await withLargeFile();
    await flushOften(repository);
    await flushOften(repository);
    const { packs } = await repository.ledger();
    const maxBytes = packs.slice(0, 5).reduce((sum, pack) => sum + pack.bytes, 0);
    for (let merges = 0; merges < 5; merges += 1) await mergeNewest(repository, { maxBytes, minPacks: 2 });
    const sizes = (await repository.ledger()).packs.map(pack => pack.bytes);
    expect(sizes.length).toBeLessThan(packs.length);
    expect(sizes.filter(bytes => bytes > maxBytes)).toHaveLength(1);
    expect((await examine(repository)).findings).toEqual([]);
  });
});
