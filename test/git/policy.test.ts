import { describe, expect, test } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { ledgerFormat, ledgerKey } from '../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { openRepository } from '../../src/git/open.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { commitFiles, draftOf, newRepository } from '../support/repository.ts';
import { restoreTo, versionedWiki } from './restore-support.ts';

const set = (repository: LedgerRepository, policy: unknown) =>
  repository.changePolicy(() => ({ policy, result: true }));

/** The same wiki as another process has it. */
const another = ({ store, uuid }: LedgerRepository) =>
  openRepository({ store, uuid, runtime: systemRuntime });

/** A store whose next puts of the ledger land although their outcome is not known. */
function losingAnswers(store: ByteStore, count: number): ByteStore {
  let left = count;
  return {
    ...store,
    get: (key, options) => store.get(key, options),
    put: async (key, body, condition) => {
      const outcome = await store.put(key, body, condition);
      if (!key.startsWith('ledger/') || left === 0) return outcome;
      left -= 1;
      return { kind: 'unknown', cause: new Error('the answer was lost') };
    },
  };
}

describe('the policy of a wiki', () => {
  test('is undefined until it is set, and then what every process reads', async () => {
    const repository = await newRepository();
    expect(await repository.policy()).toBeUndefined();
    await set(repository, { rules: [{ path: 'a' }] });
    expect(await another(repository).policy()).toEqual({ rules: [{ path: 'a' }] });
  });

  test('changes with the view of the version that holds it', async () => {
    const repository = await newRepository();
    const head = await commitFiles(repository, { 'a.md': 'a' });
    const seen = await repository.changePolicy((current, view) => ({ result: [current, view.head] }));
    expect(seen).toEqual([undefined, head]);
    expect(await repository.policy()).toBeUndefined();
  });

  test('a refusal leaves it as it is', async () => {
    const repository = await newRepository();
    await set(repository, 1);
    const refuse = () => Promise.reject(new KittiwakeError('forbidden', 'No'));
    await expect(repository.changePolicy(refuse)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await repository.policy()).toBe(1);
  });

  test('is refused above 64 KiB', async () => {
    const repository = await newRepository();
    const change = set(repository, 'x'.repeat(64 << 10));
    await expect(change).rejects.toMatchObject({ code: 'policy_too_large' });
  });

  test('concurrent changes build on each other', async () => {
    const repository = await newRepository();
    const writers = [repository, another(repository), another(repository)];
    const increment = (current: unknown) => ({ policy: Number(current ?? 0) + 1, result: null });
    await Promise.all([...writers, ...writers].map(writer => writer.changePolicy(increment)));
    expect(await repository.policy()).toBe(6);
  });

  test('a change whose answer is lost is made once, and answered as it was made', async () => {
    const origin = await newRepository();
    const { uuid } = origin;
    const store = losingAnswers(origin.store, 1);
    const repository = openRepository({ store, uuid, runtime: systemRuntime });
    const made = await repository.changePolicy(current => ({
      policy: Number(current ?? 0) + 1,
      result: undefined,
    }));
    expect(made).toBeUndefined();
    expect(await origin.policy({ maxAgeMs: 0 })).toBe(1);
  });

  test('remembers so few writes that the ledger does not grow with their number', async () => {
    const repository = await newRepository();
    for (let at = 0; at < 100; at += 1) await set(repository, at);
    const { policy } = await repository.ledger(0);
    expect(policy?.writes.length).toBe(32);
  });

  test('a commit planned on an older policy is planned again on the new one', async () => {
    const repository = await newRepository();
    await set(repository, 'open');
    const other = another(repository);
    const seen: unknown[] = [];
    const commit = repository.commit({
      plan: async view => {
        seen.push(view.policy);
        if (seen.length === 1) await set(other, 'closed');
        if (view.policy === 'closed') throw new KittiwakeError('forbidden', 'No');
        return { kind: 'commit', draft: draftOf({ 'a.md': 'a' }), result: made => made.oid };
      },
    });
    await expect(commit).rejects.toMatchObject({ code: 'forbidden' });
    expect(seen).toEqual(['open', 'closed']);
    expect((await repository.view({ maxAgeMs: 0 })).head).toBeUndefined();
  });

  test('outlives commits, flushes and merges', async () => {
    const repository = await newRepository();
    await set(repository, { a: 1 });
    for (const name of ['a.md', 'b.md', 'c.md', 'd.md']) {
      await commitFiles(repository, { [name]: name });
      await repository.flusher.flush();
    }
    expect(await mergeNewest(repository)).toHaveLength(4);
    expect(await another(repository).policy()).toEqual({ a: 1 });
    const { findings } = await examine(repository);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('a restored wiki keeps the newest policy', async () => {
    const wiki = await versionedWiki();
    await commitFiles(wiki.repository, { 'a.md': 'good' });
    await set(wiki.repository, 'older');
    const older = await wiki.current();
    await commitFiles(wiki.repository, { 'a.md': 'bad' });
    await set(wiki.repository, 'newest');
    await restoreTo(wiki.another(), older);
    const view = await wiki.another().view();
    expect(view.policy).toBe('newest');
    expect((await view.blob((await view.file('a.md'))?.oid ?? '')).toString()).toBe('good');
  });

  test('a ledger without one is as older releases read it', async () => {
    const repository = await newRepository();
    await commitFiles(repository, { 'a.md': 'a' });
    expect(await formatOf(repository)).toBe(1);
    await set(repository, {});
    expect(await formatOf(repository)).toBe(2);
  });
});

async function formatOf({ store, uuid }: LedgerRepository): Promise<number> {
  const got = await store.get(ledgerKey(uuid));
  if (got.kind !== 'found') throw new Error('there is no ledger');
  expect(ledgerFormat.decode(got.bytes).stamp.uuid).toBe(uuid);
  return Number(/\{"format":(\d),"uuid"/.exec(got.bytes.toString('latin1'))?.[1]);
}
