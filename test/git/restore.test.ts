import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ledgerKey, packKey } from '../../src/git/ledger/ledger.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeRun } from '../../src/git/upkeep/merge.ts';
import { planRestore } from '../../src/git/upkeep/restore.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { newerLedger } from '../support/newer-ledger.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import type { Fault } from '../support/s3-server/faults.ts';
import {
  currentVersion,
  restoreTo,
  soundFiles,
  type VersionedWiki,
  versionedWiki,
} from './restore-support.ts';

const AT_ONCE = { orphanGraceMs: 0, readerGraceMs: 0 };

/** Commits and flushes, so that each is a pack. */
async function commitPacks({ repository }: VersionedWiki, ...names: string[]): Promise<void> {
  for (const name of names) {
    await commitFiles(repository, { [name]: name });
    await repository.flusher.flush();
  }
}

/** Merges all packs and deletes the merged ones. */
async function mergeAway({ repository }: VersionedWiki): Promise<string[]> {
  const ledger = await repository.ledger(0);
  const merged = await mergeRun(repository, ledger, ledger.packs);
  await collectGarbage(repository, AT_ONCE);
  return merged ?? [];
}

describe('a wiki whose ledger is there', () => {
  test('goes back to an older version, and those who write go on', async () => {
    const wiki = await versionedWiki();
    await commitFiles(wiki.repository, { 'a.md': 'good' });
    const good = await wiki.current();
    const writer = wiki.another();
    await commitFiles(writer, { 'a.md': 'bad', 'b.md': 'bad' });
    const before = await wiki.repository.ledger(0);
    const { ledger } = await restoreTo(wiki.another(), good);
    expect(ledger.stamp.seq).toBe(before.stamp.seq + 1);
    expect(ledger.collections).toBe(before.collections + 1);
    await commitFiles(writer, { 'c.md': 'after' });
    expect(await soundFiles(wiki.another())).toEqual({ 'a.md': 'good', 'c.md': 'after' });
  });

  test('comes forward again: a restore deletes nothing', async () => {
    const wiki = await versionedWiki();
    await commitPacks(wiki, 'a');
    const older = await wiki.current();
    await commitPacks(wiki, 'b');
    const newer = await wiki.current();
    await restoreTo(wiki.repository, older);
    expect(await soundFiles(wiki.another())).toEqual({ a: 'a' });
    await restoreTo(wiki.repository, newer);
    expect(await soundFiles(wiki.another())).toEqual({ a: 'a', b: 'b' });
  });

  test('goes back to packs that were condemned and deleted, under names that no collection knows', async () => {
    const wiki = await versionedWiki();
    const large = randomBytes(100_000).toString('base64');
    await commitPacks(wiki, 'a', 'b');
    await commitFiles(wiki.repository, { large });
    const older = await wiki.current();
    await commitPacks(wiki, 'c');
    const asleep = await wiki.another().ledger(0);
    const merged = await mergeAway(wiki);
    const plan = await planRestore(wiki.another(), older);
    expect(plan.condemned.toSorted()).toEqual(
      merged.filter(name => plan.condemned.includes(name)).toSorted(),
    );
    expect(plan.condemned).toHaveLength(3);
    expect(plan.deleted.length).toBeGreaterThan(5);
    await restoreTo(wiki.another(), older);
    const expected = { a: 'a', b: 'b', large };
    expect(await soundFiles(wiki.another())).toEqual(expected);
    // A collection that slept until now deletes what it had condemned.
    const names = [...asleep.packs.map(({ name }) => name), ...merged];
    const { store, uuid } = wiki.repository;
    await store.delete(names.flatMap(name => [packKey(uuid, name, 'pack'), packKey(uuid, name, 'idx')]));
    expect(await soundFiles(wiki.another())).toEqual(expected);
    await collectGarbage(wiki.another(), AT_ONCE);
    await collectGarbage(wiki.another(), AT_ONCE);
    expect(await soundFiles(wiki.another())).toEqual(expected);
  });

  test('goes back to packs that are condemned and not yet deleted', async () => {
    const wiki = await versionedWiki();
    await commitPacks(wiki, 'a', 'b');
    const older = await wiki.current();
    const ledger = await wiki.repository.ledger(0);
    await mergeRun(wiki.repository, ledger, ledger.packs);
    const { condemned } = await wiki.repository.ledger(0);
    const { ledger: restored } = await restoreTo(wiki.another(), older);
    expect(restored.condemned).toEqual(condemned);
    await collectGarbage(wiki.another(), AT_ONCE);
    expect(await soundFiles(wiki.another())).toEqual({ a: 'a', b: 'b' });
  });

  test('does not take over a flush that was prepared before', async () => {
    const wiki = await versionedWiki();
    const birth = await wiki.current();
    const writer = wiki.another({ flush: { minBytes: 1, minSwaps: 1, maxBytes: 1 } });
    await commitFiles(writer, { a: 'a' });
    await commitFiles(writer, { b: 'b' });
    await restoreTo(wiki.another(), birth);
    await commitFiles(wiki.another(), { c: 'c' });
    await commitFiles(wiki.another(), { d: 'd' });
    await commitFiles(writer, { e: 'e' });
    expect(await soundFiles(wiki.another())).toEqual({ c: 'c', d: 'd', e: 'e' });
  });

  test('is restored once, whatever becomes of the answer', async () => {
    for (const fault of [
      { kind: 'answer', status: 500, after: true },
      { kind: 'answer', status: 500 },
      { kind: 'close', when: 'after' },
    ] as const satisfies Fault[]) {
      const wiki = await versionedWiki();
      await commitFiles(wiki.repository, { a: 'a' });
      const older = await wiki.current();
      await commitFiles(wiki.repository, { b: 'b' });
      const { stamp } = await wiki.repository.ledger(0);
      let isDone = false;
      wiki.server.switches.faults = ({ method, path }) => {
        if (isDone || method !== 'PUT' || !path.includes('/ledger/')) return undefined;
        isDone = true;
        return fault;
      };
      const { ledger } = await restoreTo(wiki.another(), older);
      expect(isDone).toBe(true);
      expect(ledger.stamp.seq - stamp.seq).toBe(1);
      expect(await soundFiles(wiki.another())).toEqual({ a: 'a' });
    }
  });

  test('is left alone when the version is the current one, or none', async () => {
    const wiki = await versionedWiki();
    await commitFiles(wiki.repository, { a: 'a' });
    const current = await wiki.current();
    await expect(planRestore(wiki.another(), current)).rejects.toMatchObject({ code: 'restore_needless' });
    await expect(planRestore(wiki.another(), 'none')).rejects.toMatchObject({ code: 'version_not_found' });
    expect(await wiki.current()).toBe(current);
  });

  test('is left alone when a file is gone for good, which is named', async () => {
    const wiki = await versionedWiki();
    await commitPacks(wiki, 'a', 'b');
    const older = await wiki.current();
    await mergeAway(wiki);
    const plan = await planRestore(wiki.another(), older);
    const [key = ''] = plan.deleted;
    for await (const { id, isDeleted } of wiki.repository.store.versions?.(key) ?? []) {
      if (!isDeleted) await wiki.send('DELETE', `some/wiki/${key}`, { query: { versionId: id } });
    }
    const current = await wiki.current();
    expect((await planRestore(wiki.another(), older)).gone).toEqual([key]);
    const restoring = restoreTo(wiki.another(), older);
    await expect(restoring).rejects.toMatchObject({ code: 'restore_incomplete', data: { keys: [key] } });
    await expect(restoring).rejects.toThrow(`"${key}" is gone for good`);
    expect(await wiki.current()).toBe(current);
  });
});

describe('a wiki whose ledger is', () => {
  const harms: [string, (wiki: VersionedWiki, older: string) => Promise<unknown>][] = [
    ['deleted', ({ send, ledger }) => send('DELETE', ledger)],
    ['overwritten by something else', ({ send, ledger }) => send('PUT', ledger, { body: 'hello' })],
    [
      'overwritten by an older version of it',
      async ({ send, ledger }, older) => {
        const { body } = await send('GET', ledger, { query: { versionId: older } });
        await send('PUT', ledger, { body });
      },
    ],
    [
      'overwritten by that of another wiki',
      async ({ send, ledger, server }) => {
        const other = await versionedWiki({ port: 0 });
        expect(server.port).not.toBe(other.server.port);
        const { body } = await other.send('GET', other.ledger);
        await send('PUT', ledger, { body });
      },
    ],
  ];

  test.each(harms)('%s comes back, and those who know it go on', async (_, harm) => {
    const wiki = await versionedWiki();
    await commitPacks(wiki, 'a', 'b');
    const older = await wiki.current();
    const warm = wiki.another();
    await commitFiles(warm, { c: 'c' });
    const last = await wiki.current();
    const { stamp } = await warm.ledger(0);
    await harm(wiki, older);
    await expect(warm.ledger(0)).rejects.toMatchObject({
      code: expect.stringMatching(/^(object_lost|ledger_corrupt|object_replaced)$/),
    });
    const { ledger } = await restoreTo(wiki.another(), last);
    expect(ledger.stamp.seq).toBe(stamp.seq + 1);
    await commitFiles(warm, { e: 'e' });
    expect(await soundFiles(wiki.another())).toEqual({ a: 'a', b: 'b', c: 'c', e: 'e' });
  });

  test('deleted together with all packs comes back with them', async () => {
    const wiki = await versionedWiki();
    await commitPacks(wiki, 'a', 'b');
    const last = await wiki.current();
    const { store, uuid } = wiki.repository;
    const { objects } = await store.list('');
    await store.delete(objects.map(({ key }) => key));
    const report = await restoreTo(wiki.another(), last);
    expect(report.files).toBe(6);
    expect((await store.get(ledgerKey(uuid))).kind).toBe('found');
    expect(await soundFiles(wiki.another())).toEqual({ a: 'a', b: 'b' });
  });

  test('deleted is put back once, whatever becomes of the answer', async () => {
    for (const fault of [
      { kind: 'answer', status: 500, after: true },
      { kind: 'close', when: 'before' },
      { kind: 'close', when: 'after' },
    ] as const satisfies Fault[]) {
      const wiki = await versionedWiki();
      await commitFiles(wiki.repository, { a: 'a' });
      const last = await wiki.current();
      await wiki.send('DELETE', wiki.ledger);
      let isDone = false;
      wiki.server.switches.faults = ({ method }) => {
        if (isDone || method !== 'PUT') return undefined;
        isDone = true;
        return fault;
      };
      await restoreTo(wiki.another(), last);
      expect(await soundFiles(wiki.another())).toEqual({ a: 'a' });
    }
  });

  test('of a newer format is left alone', async () => {
    const wiki = await versionedWiki();
    await commitFiles(wiki.repository, { a: 'a' });
    const older = await wiki.current();
    const { body } = await wiki.send('GET', wiki.ledger);
    await wiki.send('PUT', wiki.ledger, { body: newerLedger(body) });
    const current = await wiki.current();
    await expect(planRestore(wiki.another(), older)).rejects.toMatchObject({ code: 'ledger_newer' });
    await expect(planRestore(wiki.another(), current)).rejects.toMatchObject({ code: 'ledger_newer' });
    expect(await wiki.current()).toBe(current);
  });
});

describe('a store that keeps', () => {
  test('the newest four versions in a folder goes back to them', async () => {
    const repository = await newRepository({ store: createDiskByteStore({ folder: temporaryFolder() }) });
    await commitFiles(repository, { a: 'a' });
    const older = await currentVersion(repository);
    await commitFiles(repository, { b: 'b' });
    await restoreTo(repository, older);
    expect(await soundFiles(repository)).toEqual({ a: 'a' });
    const versions = await Array.fromAsync(repository.store.versions?.(ledgerKey(repository.uuid)) ?? []);
    expect(versions.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      ['4', true],
      ['3', false],
      ['2', false],
      ['1', false],
    ]);
  });

  test('no versions says so', async () => {
    const repository = await newRepository({ store: createMemoryByteStore() });
    await expect(planRestore(repository, '1')).rejects.toMatchObject({ code: 'versions_unkept' });
  });
});
