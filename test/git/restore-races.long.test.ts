import { expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { ledgerKey } from '../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { commitFiles } from '../support/repository.ts';
import { currentVersion, restoreTo, soundFiles, versionedWiki } from './restore-support.ts';

const ROUNDS = 12;

/** What may become of those whom others overtake: here readers have no grace, and a writer is a reader as well. */
const OVERTAKEN = ['restore_overtaken', 'restore_needless', 'pack_missing', 'contention'];

async function unlessOvertaken(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!isKittiwakeError(error) || !OVERTAKEN.includes(error.code)) throw error;
  });
}

test('restores, writers, flushes, merges and collections at once leave a sound wiki', async () => {
  const wiki = await versionedWiki();
  const flush = { minBytes: 1, minSwaps: 2, maxBytes: 1 << 20 };
  const ids = [await wiki.current()];
  let isDone = false;
  let restored = 0;
  async function write(repository: LedgerRepository, name: string): Promise<void> {
    for (let at = 0; !isDone; at += 1) {
      const files = { [`${name}/${at % 5}.md`]: `${name} ${at}` };
      await unlessOvertaken(() => commitFiles(repository, files));
    }
  }
  async function tidy(repository: LedgerRepository): Promise<void> {
    while (!isDone) {
      await unlessOvertaken(() => mergeNewest(repository, { minPacks: 2 }));
      await unlessOvertaken(() => collectGarbage(repository, { orphanGraceMs: 200, readerGraceMs: 0 }));
    }
  }
  async function goBack(repository: LedgerRepository): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      ids.push(await wiki.current());
      const id = ids[(round * 7) % ids.length] ?? '';
      await unlessOvertaken(async () => {
        await restoreTo(repository, id);
        restored += 1;
      });
      await repository.runtime.sleep(40);
    }
    isDone = true;
  }
  const others = [wiki.another({ flush }), wiki.another({ flush }), wiki.another()] as const;
  await Promise.all([
    write(others[0], 'a'),
    write(others[1], 'b'),
    tidy(others[2]),
    goBack(wiki.another()).finally(() => {
      isDone = true;
    }),
  ]);
  const versions = await Array.fromAsync(
    wiki.repository.store.versions?.(`ledger/${wiki.repository.uuid}`) ?? [],
  );
  expect(versions.length).toBeGreaterThan(3 * ROUNDS);
  expect(restored).toBeGreaterThan(2);
  await commitFiles(others[0], { 'last.md': 'last' });
  expect(await soundFiles(wiki.another())).toMatchObject({ 'last.md': 'last' });
}, 60_000);

test('a deleted wiki is not told to be left alone while a restore of it may yet land', async () => {
  const { server, send, repository, another, ledger } = await versionedWiki();
  await commitFiles(repository, { 'a.md': 'kept' });
  const id = await currentVersion(repository);
  await send('DELETE', ledger);
  let isSent = false;
  server.switches.faults = ({ method, path }) => {
    if (method === 'PUT' && path.includes('/ledger/') && !isSent) {
      isSent = true;
      return { kind: 'late', ms: 400 };
    }
    return isSent ? { kind: 'answer', status: 500 } : undefined;
  };
  const runtime = { ...systemRuntime, sleep: async () => {} };
  await expect(restoreTo(another({ runtime }), id)).rejects.toMatchObject({ code: 'outcome_unknown' });
  server.switches.faults = undefined;
  await expect
    .poll(async () => (await repository.store.get(ledgerKey(repository.uuid))).kind, { timeout: 10_000 })
    .toBe('found');
  expect(await soundFiles(another())).toEqual({ 'a.md': 'kept' });
});
