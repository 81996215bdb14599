import { expect, test } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { ledgerKey, MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import { type LedgerRepository, openRepository } from '../../../src/git/open.ts';
import { type Disturb, disturbedStore } from '../../support/disturbed-store.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { at, cloneOf, commit, expectSound, fetchInto, push } from './push-support.ts';

/** A wiki that somebody else writes to, and a copy whose merge goes into packs, or whose commit goes into the journal. */
async function prepared(kind: 'journal' | 'packs'): Promise<{ wiki: LedgerRepository; copy: string }> {
  const wiki = await newRepository({ flush: null });
  await commitFiles(wiki, { 'a.md': 'one\n', 'docs/b.md': 'one\n' });
  const copy = await cloneOf(wiki);
  if (kind === 'packs') {
    commit(copy, { 'a.md': 'mine\n' });
    await commitFiles(wiki, { 'docs/b.md': 'theirs\n' });
    await fetchInto(copy, wiki);
    at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  } else commit(copy, { 'a.md': 'mine\n' });
  return { wiki, copy };
}

/** The wiki in a process whose store is disturbed: `disturb` is asked for each call that changes something. */
function disturbed({ store, uuid }: LedgerRepository, disturb: Disturb): LedgerRepository {
  const proxy = disturbedStore(store, disturb);
  return openRepository({ store: proxy, uuid, runtime: systemRuntime, flush: null });
}

for (const kind of ['journal', 'packs'] as const) {
  test(`a landing by ${kind} whose process dies before any call leaves a sound wiki, and its repetition lands`, async () => {
    const counted = await prepared(kind);
    let calls = 0;
    const counting = disturbed(counted.wiki, (_name, _key, act) => {
      calls += 1;
      return act();
    });
    await push(counting, counted.copy);
    expect(calls).toBeGreaterThanOrEqual(kind === 'journal' ? 1 : 5);
    for (let last = 1; last <= calls; last += 1) {
      const { wiki, copy } = await prepared(kind);
      const head = at(copy, 'rev-parse', 'HEAD');
      const before = (await wiki.ledger(0)).refs[MAIN_REF];
      const death = Promise.withResolvers<void>();
      let done = 0;
      const dying = disturbed(wiki, (_name, _key, act) => {
        done += 1;
        if (done < last) return act();
        death.resolve();
        return new Promise(() => {});
      });
      void push(dying, copy);
      await death.promise;
      expect((await wiki.ledger(0)).refs[MAIN_REF]).toBe(before);
      await expectSound(wiki);
      expect((await push(wiki, copy)).head).toBe(head);
      await expectSound(wiki);
    }
  }, 120_000);

  test(`a landing by ${kind} whose answer is lost is found again and made once`, async () => {
    const { wiki, copy } = await prepared(kind);
    const head = at(copy, 'rev-parse', 'HEAD');
    let lost = 0;
    const losing = disturbed(wiki, async (name, key, act) => {
      const outcome = await act();
      if (name !== 'put' || key !== ledgerKey(wiki.uuid) || lost > 1) return outcome;
      lost += 1;
      return { kind: 'unknown', cause: new Error('the answer was lost') };
    });
    expect(await push(losing, copy)).toMatchObject({ changed: true, head });
    expect(lost).toBeGreaterThan(0);
    const commits = await expectSound(wiki);
    expect(new Set(commits).size).toBe(commits.length);
    expect((await wiki.ledger(0)).refs[MAIN_REF]).toBe(head);
  });

  test(`a landing by ${kind} whose put never arrived is made by the next attempt`, async () => {
    const { wiki, copy } = await prepared(kind);
    const head = at(copy, 'rev-parse', 'HEAD');
    let lost = 0;
    const losing = disturbed(wiki, async (name, key, act) => {
      if (name !== 'put' || key !== ledgerKey(wiki.uuid) || lost > 1) return act();
      lost += 1;
      return { kind: 'unknown', cause: new Error('the request was lost') };
    });
    expect(await push(losing, copy)).toMatchObject({ changed: true, head });
    await expectSound(wiki);
  });

  test(`of a landing by ${kind} and a write at the same time, the landing is refused or first`, async () => {
    const { wiki, copy } = await prepared(kind);
    const head = at(copy, 'rev-parse', 'HEAD');
    const other = openRepository({ store: wiki.store, uuid: wiki.uuid, runtime: systemRuntime, flush: null });
    const racing = disturbed(wiki, async (name, key, act) => {
      if (name === 'put' && key === ledgerKey(wiki.uuid)) await commitFiles(other, { 'other.md': 'x\n' });
      return act();
    });
    await expect(push(racing, copy)).rejects.toMatchObject({ code: 'ref_moved' });
    const view = await wiki.view({ maxAgeMs: 0 });
    expect(view.head).not.toBe(head);
    expect(await view.file('other.md')).toBeDefined();
    await expectSound(wiki);
  });
}
