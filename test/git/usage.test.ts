import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { openRepository } from '../../src/git/open.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

const isPage = (path: string) => path.endsWith('.md');

const counting = ({ store, uuid }: LedgerRepository) =>
  openRepository({ store, uuid, runtime: systemRuntime, isPage });

async function pagesOf(repository: LedgerRepository): Promise<number> {
  return (await (await repository.view({ maxAgeMs: 0 })).usage()).pages;
}

describe('the usage of a wiki', () => {
  test('counts pages as they come and go, and nothing else', async () => {
    const repository = await newRepository({ isPage });
    expect(await pagesOf(repository)).toBe(0);
    await commitFiles(repository, { 'a.md': 'a', 'b/c.md': 'c', 'b/plan.png': 'p' });
    expect(await pagesOf(repository)).toBe(2);
    await commitFiles(repository, { 'a.md': 'changed' });
    await commitFiles(repository, { 'a.md': 'changed' });
    expect(await pagesOf(repository)).toBe(2);
    await commitFiles(repository, { 'b/c.md': null, 'b/plan.png': null, 'b/d.md': 'd', 'e.md': 'e' });
    expect(await pagesOf(repository)).toBe(3);
  });

  test('counts right where a file gives way to a folder of its name, and back', async () => {
    const repository = await newRepository({ isPage });
    await commitFiles(repository, { 'x.md': 'file' });
    await commitFiles(repository, { 'x.md': null, 'x.md/y.md': 'below' });
    expect(await pagesOf(repository)).toBe(1);
    await commitFiles(repository, { 'x.md': 'file', 'x.md/y.md': null });
    expect(await pagesOf(repository)).toBe(1);
  });

  test('is at hand in a process that has read nothing but the ledger', async () => {
    const repository = await newRepository({ isPage });
    await commitFiles(repository, { 'a.md': 'a' });
    await repository.flusher.flush();
    await commitFiles(repository, { 'b.md': 'b' });
    const usage = (await counting(repository).view()).usage();
    expect(usage).toMatchObject({ pages: 2 });
  });

  test('is counted once where nobody has counted, and the next commit keeps it', async () => {
    const origin = await newRepository();
    await commitFiles(origin, { 'a.md': 'a', 'b.md': 'b' });
    await origin.flusher.flush();
    expect((await origin.ledger(0)).pages).toBeUndefined();
    const repository = counting(origin);
    await repository.commit({
      plan: async view => {
        await view.usage();
        const changes = [{ path: 'c.md', to: { bytes: Buffer.from('c') } }];
        const author = { name: 'Ann', email: 'ann@example.org' };
        return { kind: 'commit', draft: { changes, author, message: 'c' }, result: () => true };
      },
    });
    expect((await origin.ledger(0)).pages).toBe(3);
  });

  test('tells the bytes that the listed files and the journal have', async () => {
    const store = createMemoryByteStore();
    const repository = await newRepository({ isPage, store });
    const large = randomBytes(100_000).toString('hex');
    for (const name of ['a.md', 'b.md', 'c.md', 'd.md']) {
      await commitFiles(repository, { [name]: name });
      await repository.flusher.flush();
    }
    expect(await mergeNewest(repository)).toHaveLength(4);
    await commitFiles(repository, { 'large.txt': large });
    const { bytes } = await (await repository.view({ maxAgeMs: 0 })).usage();
    const { condemned, journal, packs } = await repository.ledger(0);
    let stored = journal.byteLength;
    for (const { key, size } of (await store.list(`packs/${repository.uuid}/`)).objects) {
      if (condemned.some(({ name }) => key.includes(name))) continue;
      // A map ends with a copy of its index, which the ledger has.
      const map = key.endsWith('.map') ? packs.find(({ name }) => key.includes(name))?.map : undefined;
      stored += map?.bytes ?? size;
    }
    expect(bytes).toBe(stored);
  });
});
