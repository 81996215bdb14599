import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { openRepository } from '../../src/git/open.ts';
import { eraseOld } from '../../src/git/purge/erase-old.ts';
import { purgeHistory } from '../../src/git/purge/purge.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { commitFiles, draftOf, newRepository } from '../support/repository.ts';
import { another, filesWith, historyOf, SECRET, SECRET_BLOB, soundObjects } from './purge-support.ts';

/** The store, which does something before the first put of the ledger that follows. */
function interrupted(store: ByteStore, key: string, before: () => Promise<void>): ByteStore {
  let isDone = false;
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== 'put') return typeof value === 'function' ? value.bind(target) : value;
      return async (...args: Parameters<ByteStore['put']>) => {
        if (args[0] === key && !isDone) {
          isDone = true;
          await before();
        }
        return target.put(...args);
      };
    },
  });
}

async function leaky(): Promise<LedgerRepository> {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'a' });
  await commitFiles(repository, { 'secret.md': SECRET });
  await repository.flusher.flush();
  return repository;
}

/** Purges, and lets `meanwhile` happen right before the swap. */
async function purgeWhile(wiki: LedgerRepository, meanwhile: () => Promise<unknown>): Promise<void> {
  const { uuid } = wiki;
  const store = interrupted(wiki.store, `ledger/${uuid}`, async () => void (await meanwhile()));
  const repository = openRepository({ store, uuid, runtime: systemRuntime, flush: null });
  await purgeHistory(repository, { paths: ['secret.md'], blobs: [] });
  await eraseOld(repository, []);
}

describe('while contents are purged', () => {
  test('a commit of another process is taken along', async () => {
    const wiki = await leaky();
    await purgeWhile(wiki, () => commitFiles(wiki, { 'b.md': 'b' }, 'meanwhile'));
    const { log, files } = await historyOf(wiki);
    expect(files).toEqual({ 'a.md': 'a', 'b.md': 'b' });
    expect(log[0]).toContain('meanwhile');
    expect(await filesWith(wiki, SECRET_BLOB)).toEqual([]);
    await soundObjects(another(wiki));
  });

  test('commits that are flushed and merged are taken along', async () => {
    const wiki = await leaky();
    await purgeWhile(wiki, async () => {
      for (const name of ['b.md', 'c.md', 'd.md', 'e.md']) {
        await commitFiles(wiki, { [name]: name });
        await wiki.flusher.flush();
      }
      expect(await mergeNewest(wiki)).not.toBeUndefined();
      await commitFiles(wiki, { 'f/g.md': 'g' });
    });
    const { files } = await historyOf(another(wiki));
    expect(Object.keys(files).join(' ')).toBe('a.md b.md c.md d.md e.md f/g.md');
    await soundObjects(another(wiki));
  });

  test('other contents that come to the path stay', async () => {
    const wiki = await leaky();
    await purgeWhile(wiki, () => commitFiles(wiki, { 'secret.md': 'acknowledged' }));
    expect((await historyOf(wiki)).files).toEqual({ 'a.md': 'a', 'secret.md': 'acknowledged' });
  });

  test('a collection makes it begin again', async () => {
    const wiki = await leaky();
    await purgeWhile(wiki, () => collectGarbage(wiki, { orphanGraceMs: 0, readerGraceMs: 0 }));
    expect((await historyOf(another(wiki))).files).toEqual({ 'a.md': 'a' });
    await soundObjects(another(wiki));
  });

  test('another purge makes it begin again', async () => {
    const wiki = await leaky();
    await purgeWhile(wiki, () => purgeHistory(another(wiki), { paths: ['a.md'], blobs: [] }));
    expect((await historyOf(another(wiki))).files).toEqual({});
    await soundObjects(another(wiki));
  });

  test('a commit whose outcome was not known is found, and not made again', async () => {
    const wiki = await leaky();
    let isLost = false;
    const lossy = new Proxy(wiki.store, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name !== 'put') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: Parameters<ByteStore['put']>) => {
          const outcome = await target.put(...args);
          if (isLost || !args[0].startsWith('ledger/')) return outcome;
          isLost = true;
          await purgeHistory(another(wiki), { paths: ['secret.md'], blobs: [] });
          return { kind: 'unknown', cause: new Error('the answer was lost') };
        };
      },
    });
    const writer = openRepository({ store: lossy, uuid: wiki.uuid, runtime: systemRuntime });
    let planned = 0;
    await writer.commit({
      plan: async () => {
        planned += 1;
        return { kind: 'commit', draft: draftOf({ 'once.md': String(planned) }), result: made => made.oid };
      },
    });
    const { log, files } = await historyOf(another(wiki));
    expect([log.length, planned, files['once.md']]).toEqual([3, 1, '1']);
  });

  test('writers and readers of other processes go on', { timeout: 60_000 }, async () => {
    const wiki = await leaky();
    const names = Array.from({ length: 3 }, (_, writer) => `w${writer}.md`);
    let isOver = false;
    const acknowledged = new Map<string, number>();
    const writers = names.map(async name => {
      const writer = openRepository({
        store: wiki.store,
        uuid: wiki.uuid,
        runtime: systemRuntime,
        flush: { minBytes: 2_000, minSwaps: 4, maxBytes: 8_000 },
      });
      for (let count = 1; !isOver || count < 10; count += 1) {
        await commitFiles(writer, { [name]: String(count) });
        acknowledged.set(name, count);
      }
    });
    await purgeHistory(another(wiki), { paths: ['secret.md'], blobs: [] });
    isOver = true;
    await Promise.all(writers);
    await eraseOld(another(wiki), []);
    const { log, files } = await historyOf(another(wiki));
    for (const name of names) expect(files[name]).toBe(String(acknowledged.get(name)));
    const commits = [...acknowledged.values()].reduce((sum, count) => sum + count, 2);
    expect(log).toHaveLength(commits);
    expect(await filesWith(wiki, SECRET_BLOB)).toEqual([]);
    await soundObjects(another(wiki));
  });
});
