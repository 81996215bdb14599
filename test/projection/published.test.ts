import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { catchUp } from '../../src/projection/catch-up.ts';
import { findPublished } from '../../src/projection/published/fetch.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { commitFiles } from '../support/repository.ts';
import { publishedBed } from './published-support.ts';
import { found, temporaryFile } from './search-support.ts';

const MINUTE_MS = 60_000;

describe('publishing a search index', () => {
  it('lets a process without an index search without reading a page', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull', 'b.md': 'tern and gull' });
    expect(await bed.publisher().publish()).toBe('published');
    const { index, paths, unusable } = bed.reader();
    expect(await found(index, bed.wiki, 'gull')).toEqual(['a.md', 'b.md']);
    expect([paths, unusable]).toEqual([[], []]);
  });

  it('leaves it to the reader to take in what came later', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull', 'b.md': 'tern' });
    await bed.publisher().publish();
    await commitFiles(bed.wiki, { 'b.md': 'gull now' });
    const { index, paths } = bed.reader();
    expect(await found(index, bed.wiki, 'gull')).toEqual(['a.md', 'b.md']);
    expect(paths).toEqual(['b.md']);
  });

  it('stores one file that needs no other beside it', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    const [object = ''] = await bed.objects();
    const got = await bed.store.get(`search/${bed.wiki.uuid}/${object}`);
    if (got.kind !== 'found') throw new Error(`the index is ${got.kind}`);
    const file = zstdDecompressSync(got.bytes);
    expect(file.toString('latin1', 0, 15)).toBe('SQLite format 3');
    // 2 is the write-ahead log, 1 is not: https://www.sqlite.org/fileformat2.html
    expect([file[18], file[19]]).toEqual([1, 1]);
    const { current } = (await bed.pointer()) ?? {};
    expect(current).toMatchObject({ bytes: got.size, unpackedBytes: file.length, ordinal: 0 });
  });

  it('publishes nothing of a wiki without a commit, and nothing again', async () => {
    const bed = await publishedBed();
    const publisher = bed.publisher();
    expect(await publisher.publish()).toBe('unchanged');
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    expect([await publisher.publish(), await publisher.publish()]).toEqual(['published', 'unchanged']);
    // A flush changes the ledger and not the head.
    await bed.wiki.flusher.flush();
    bed.pass(MINUTE_MS);
    expect(await publisher.publish()).toBe('unchanged');
    expect(await bed.objects()).toHaveLength(1);
  });

  it('waits after each for a time that goes with its size', async () => {
    const bed = await publishedBed();
    const text = bed.runtime.randomBytes(1 << 20).toString('base64');
    const [small, large] = [bed.publisher(), bed.publisher()];
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await small.publish();
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    expect(await small.publish()).toBe('early');
    bed.pass(16_000);
    await commitFiles(bed.wiki, { 'large.md': text });
    expect(await large.publish()).toBe('published');
    await commitFiles(bed.wiki, { 'b.md': 'gull' });
    bed.pass(16_000);
    expect(await large.publish()).toBe('early');
    bed.pass(2 * MINUTE_MS);
    expect(await large.publish()).toBe('published');
  });

  it('does not wait for a time that a wrong clock has set', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    bed.pass(365 * 24 * 60 * MINUTE_MS);
    await bed.publisher().publish();
    bed.pass(-365 * 24 * 60 * MINUTE_MS);
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    expect(await bed.publisher().publish()).toBe('published');
  });

  it('is not done for an index that is not at the head', async () => {
    const bed = await publishedBed();
    const { follow, index, publish } = bed.publisher();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    const ledger = await follow();
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    await index.catchUp(await bed.wiki.view());
    expect(await publish({ ledger })).toBe('overtaken');
    expect(await bed.objects()).toEqual([]);
  });
});

describe('the pointer to the published index', () => {
  it('never goes back, whoever of two publishers stores first', async () => {
    const bed = await publishedBed();
    const [slow, fast] = [bed.publisher(), bed.publisher()];
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await fast.publish();
    bed.pass(MINUTE_MS);
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    const ledger = await slow.follow();
    let overtaking: unknown;
    const upload: ByteStore['upload'] = async (...call) => {
      const uploaded = await bed.store.upload(...call);
      await commitFiles(bed.wiki, { 'c.md': 'auk' });
      overtaking = await fast.publish();
      return uploaded;
    };
    const store = bound({ upload }, bed.store);
    expect(await slow.publish({ ledger, store })).toBe('overtaken');
    expect(overtaking).toBe('published');
    expect((await bed.pointer())?.current?.ordinal).toBe(2);
    const { index, paths } = bed.reader();
    expect([await found(index, bed.wiki, 'auk'), paths]).toEqual([['c.md'], []]);
  });

  it('stays when somebody else has published the same commit meanwhile', async () => {
    const bed = await publishedBed();
    const [slow, fast] = [bed.publisher(), bed.publisher()];
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await fast.publish();
    bed.pass(MINUTE_MS);
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    const ledger = await fast.follow();
    await bed.wiki.flusher.flush();
    const upload: ByteStore['upload'] = async (...call) => {
      expect(await fast.publish({ ledger })).toBe('published');
      return bed.store.upload(...call);
    };
    expect(await slow.publish({ store: bound({ upload }, bed.store) })).toBe('overtaken');
    expect((await bed.pointer())?.current?.ledgerSeq).toBe(ledger.seq);
  });

  it('is created by one of two that begin at once', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    const outcomes = await Promise.all([bed.publisher().publish(), bed.publisher().publish()]);
    expect(outcomes.sort()).toEqual(['overtaken', 'published']);
  });

  it('follows a history that was taken back: the ledger went on', async () => {
    const bed = await publishedBed();
    const { publish } = bed.publisher();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    const ledger = await bed.wiki.ledger(0);
    await commitFiles(bed.wiki, { 'b.md': 'tern' });
    await publish();
    bed.pass(MINUTE_MS);
    await bed.wiki.amend({
      apply: async current => ({ kind: 'change', value: { ...ledger, stamp: current.stamp }, result: true }),
      settle: async () => undefined,
    });
    const { index } = bed.publisher();
    const view = await bed.wiki.view({ maxAgeMs: 0 });
    await index.catchUp(view);
    const state = { seq: view.ledger.stamp.seq, head: view.head ?? null };
    expect(await bed.publisher().publish({ index, ledger: state })).toBe('published');
    expect((await bed.pointer())?.current?.ordinal).toBe(0);
  });

  it('is taken over when it is of a wiki that was here before', async () => {
    const bed = await publishedBed();
    for (const text of ['1', '2', '3']) await commitFiles(bed.wiki, { 'a.md': text });
    await bed.publisher().publish();
    const again = await publishedBed();
    await commitFiles(again.wiki, { 'new.md': 'gull' });
    const pointer = await bed.store.get(`search/${bed.wiki.uuid}/current`);
    if (pointer.kind !== 'found') throw new Error('there is no pointer');
    await again.store.put(`search/${again.wiki.uuid}/current`, [pointer.bytes], { ifAbsent: true });
    expect(await again.publisher().publish()).toBe('published');
    expect((await again.pointer())?.current?.ordinal).toBe(0);
  });

  it('gives way to another variant at once, and a reader takes its own only', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    const other = bed.reader({ variant: 'w' });
    expect(await found(other.index, bed.wiki, 'gull')).toEqual(['a.md']);
    expect([other.paths, other.unusable]).toEqual([['a.md'], []]);
    expect(await bed.publisher({ variant: 'w' }).publish()).toBe('published');
    const same = bed.reader({ variant: 'w' });
    expect([await found(same.index, bed.wiki, 'gull'), same.paths]).toEqual([['a.md'], []]);
  });
});

describe('a reader of the published index', () => {
  it('keeps an index of its own that is near the head, and replaces one that is far behind', async () => {
    const bed = await publishedBed();
    const file = temporaryFile('pages.sqlite');
    const first = bed.reader({ file, find: async () => undefined });
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await first.index.catchUp(await bed.wiki.view());
    let asked = 0;
    const find = async () => {
      asked += 1;
      return findPublished(bed.store, bed.wiki.uuid, 'v');
    };
    for (let n = 0; n < 50; n += 1) await commitFiles(bed.wiki, { 'a.md': `gull ${n}` });
    const near = bed.reader({ file, find });
    await near.index.catchUp(await bed.wiki.view());
    expect([asked, near.paths]).toEqual([0, ['a.md']]);
    for (let n = 0; n < 100; n += 1) await commitFiles(bed.wiki, { 'a.md': `tern ${n}` });
    await bed.publisher().publish();
    const far = bed.reader({ file, find });
    expect([await found(far.index, bed.wiki, 'tern'), asked, far.paths]).toEqual([['a.md'], 1, []]);
    // What is published is not far enough ahead of an index that has it.
    for (let n = 0; n < 100; n += 1) await commitFiles(bed.wiki, { 'a.md': `tern ${n}` });
    const late = bed.reader({ file, find });
    const before = await late.index.cursor();
    await late.index.catchUp(await bed.wiki.view());
    expect([before?.ordinal, asked, late.paths, late.unusable]).toEqual([150, 2, ['a.md'], []]);
    // The first still has the file open that was replaced, and finds the new one.
    expect([await found(first.index, bed.wiki, 'tern'), first.paths]).toEqual([['a.md'], ['a.md']]);
  });

  it('goes on with what it has taken in when its time was up, however often', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    const { index, paths } = bed.reader();
    await index.catchUp(await bed.wiki.view());
    const pages = Array.from({ length: 600 }, (_, n) => [`p${n}.md`, 'tern']);
    await commitFiles(bed.wiki, Object.fromEntries(pages));
    const view = await bed.wiki.view();
    const run = () => catchUp(index, view, { deadlineMs: 0 });
    for (const _ of [1, 2]) await expect(run()).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await run();
    expect([(await index.status()).pages, new Set(paths).size]).toEqual([601, paths.length]);
  });

  it('fetches once for two that share a file and begin at once, and removes what an earlier one left', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    const file = temporaryFile('pages.sqlite');
    mkdirSync(`${file}.fetched`);
    writeFileSync(`${file}.fetched/index.sqlite`, 'left');
    let fetched = 0;
    const find = async () => {
      const index = await findPublished(bed.store, bed.wiki.uuid, 'v');
      if (!index) throw new Error('nothing is published');
      return {
        cursor: index.cursor,
        fetch: (path: string) => {
          fetched += 1;
          return index.fetch(path);
        },
      };
    };
    const both = [bed.reader({ file, find }), bed.reader({ file, find })];
    const hits = await Promise.all(both.map(({ index }) => found(index, bed.wiki, 'gull')));
    expect([hits, fetched]).toEqual([[['a.md'], ['a.md']], 1]);
    expect(both.flatMap(({ paths, unusable }) => [...paths, ...unusable])).toEqual([]);
    const beside = readdirSync(dirname(file)).filter(name => !/-(lock|wal|shm)$/.test(name));
    expect(beside.sort()).toEqual(['pages.sqlite', expect.stringMatching(/^pages\.sqlite-[0-9a-f]{12}$/)]);
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, -10)],
    ['changed', (bytes: Buffer) => Buffer.from(bytes).fill(7, 40, 50)],
    ['gone', () => undefined],
  ])('makes the index from the pages when the published one is %s', async (_, damage) => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    const [object = ''] = await bed.objects();
    const key = `search/${bed.wiki.uuid}/${object}`;
    const got = await bed.store.get(key);
    const bytes = got.kind === 'found' ? damage(got.bytes) : undefined;
    await bed.store.delete([key]);
    if (bytes) await bed.store.put(key, [bytes], { immutable: true });
    const { index, paths, unusable } = bed.reader();
    expect([await found(index, bed.wiki, 'gull'), paths]).toEqual([['a.md'], ['a.md']]);
    expect(unusable).toMatchObject([{ code: 'search_snapshot_damaged' }]);
  });

  it('makes the index from the pages when what it gets is no index, or another one', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    const file = temporaryFile('other.sqlite');
    const other = bed.publisher({ variant: 'other' });
    await other.follow();
    await other.index.snapshot(file);
    const cursor = { head: (await bed.wiki.view()).head ?? null, ordinal: 0 };
    for (const bytes of [Buffer.from('no database'), Buffer.alloc(0), readFileSync(file)]) {
      const find = async () => ({ cursor, fetch: (path: string) => writeFile(path, bytes) });
      const { index, paths, unusable } = bed.reader({ find });
      expect([await found(index, bed.wiki, 'gull'), paths]).toEqual([['a.md'], ['a.md']]);
      expect(unusable).toMatchObject([{ code: 'search_snapshot_damaged' }]);
      expect((await index.status()).repairs).toBe(0);
    }
  });

  it('goes on by itself when the pointer cannot be read', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.store.put(`search/${bed.wiki.uuid}/current`, [Buffer.from('{')], { ifAbsent: true });
    const { index, unusable } = bed.reader();
    expect(await found(index, bed.wiki, 'gull')).toEqual(['a.md']);
    expect(unusable).toHaveLength(1);
  });
});

describe('sweeping published indexes', () => {
  it('deletes what was replaced after the grace of its readers', async () => {
    const bed = await publishedBed();
    const { publish } = bed.publisher();
    expect(await bed.sweep()).toEqual({ condemned: 0, deleted: 0, lost: false });
    for (const text of ['1', '2']) {
      await commitFiles(bed.wiki, { 'a.md': text });
      await publish();
      bed.pass(MINUTE_MS);
    }
    expect(await bed.sweep()).toMatchObject({ deleted: 0 });
    expect(await bed.objects()).toHaveLength(2);
    bed.pass(15 * MINUTE_MS);
    expect(await bed.sweep()).toMatchObject({ deleted: 1 });
    expect(await bed.objects()).toEqual([(await bed.pointer())?.current?.object]);
    expect(await bed.sweep()).toEqual({ condemned: 0, deleted: 0, lost: false });
  });

  it('deletes what a publisher left that ended before it could publish', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    const store = bound({ put: () => Promise.reject(new KittiwakeError('storage_denied', 'No')) }, bed.store);
    await expect(bed.publisher({ store }).publish()).rejects.toThrow();
    expect(await bed.publisher().publish()).toBe('published');
    expect(await bed.objects()).toHaveLength(2);
    bed.pass(59 * MINUTE_MS);
    expect(await bed.sweep()).toMatchObject({ condemned: 0 });
    bed.pass(2 * MINUTE_MS);
    expect(await bed.sweep()).toMatchObject({ condemned: 1, deleted: 0 });
    bed.pass(16 * MINUTE_MS);
    expect(await bed.sweep()).toMatchObject({ condemned: 0, deleted: 1 });
    expect(await bed.objects()).toEqual([(await bed.pointer())?.current?.object]);
  });

  it('keeps a publisher that was too slow from publishing what is condemned or deleted', async () => {
    for (const graces of [[0], [0, 20 * MINUTE_MS]]) {
      const bed = await publishedBed();
      await commitFiles(bed.wiki, { 'a.md': 'gull' });
      await bed.publisher().publish();
      bed.pass(MINUTE_MS);
      await commitFiles(bed.wiki, { 'b.md': 'tern' });
      const upload: ByteStore['upload'] = async (...call) => {
        const uploaded = await bed.store.upload(...call);
        bed.pass(61 * MINUTE_MS);
        for (const ms of graces) {
          bed.pass(ms);
          await bed.sweep();
        }
        return uploaded;
      };
      const store = bound({ upload }, bed.store);
      expect(await bed.publisher({ store }).publish()).toBe('overtaken');
      expect((await bed.pointer())?.current?.ordinal).toBe(0);
      expect(await bed.publisher().publish()).toBe('published');
    }
  });

  it('notices that the published index is gone, so that it is published again', async () => {
    const bed = await publishedBed();
    await commitFiles(bed.wiki, { 'a.md': 'gull' });
    await bed.publisher().publish();
    await bed.store.delete((await bed.objects()).map(name => `search/${bed.wiki.uuid}/${name}`));
    expect(await bed.sweep()).toMatchObject({ lost: true });
    expect(await bed.publisher().publish()).toBe('published');
    expect(await bed.sweep()).toMatchObject({ lost: false });
  });
});

/** A store with some calls of its own. */
function bound(own: Partial<ByteStore>, store: ByteStore): ByteStore {
  return {
    location: store.location,
    get: (...call) => store.get(...call),
    put: (...call) => store.put(...call),
    list: (...call) => store.list(...call),
    delete: (...call) => store.delete(...call),
    upload: (...call) => store.upload(...call),
    ...own,
  };
}
