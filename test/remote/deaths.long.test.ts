import { expect, test } from 'vitest';
import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import { ledgerKey } from '../../src/git/ledger/ledger.ts';
import { createLedger } from '../../src/git/open.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { at, expectSound } from '../git/incoming/push-support.ts';
import { disturbedStore } from '../support/disturbed-store.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { gitHost } from '../support/git-host.ts';
import { commitFiles, exportTo } from '../support/repository.ts';
import { nameHost, openSyncPlace } from './sync-place.ts';

const BOTH = { pull: true, push: true };
/** Later than any lease. */
const LATER_MS = 600_000;
const later = { ...systemRuntime, now: () => systemRuntime.now() + LATER_MS };

/** A wiki and a host that have both changed one page, and a page each. */
async function diverged() {
  const [store, uuid, host] = [createMemoryByteStore(), randomId(systemRuntime), await gitHost()];
  await createLedger({ store, uuid, runtime: systemRuntime });
  const place = openSyncPlace({ store, uuid });
  await nameHost(place, host.url);
  host.commit({ 'home.md': 'a\n' });
  await place.sync({ pull: true });
  const ours = await commitFiles(place.repository, { 'home.md': 'ours\n', 'here.md': 'h\n' });
  const theirs = host.commit({ 'home.md': 'theirs\n', 'there.md': 't\n' });
  return { store, uuid, host, ours, theirs };
}

/** A store that answers nothing from its `last`th change on; `after`: that one is still made. */
function dying(store: ByteStore, last: number, after: boolean) {
  const death = Promise.withResolvers<void>();
  let done = 0;
  const dead = disturbedStore(store, async (_name, _key, act) => {
    done += 1;
    if (done < last) return await act();
    if (done === last && after) await act();
    death.resolve();
    return await new Promise(() => {});
  });
  return { store: dead, death: death.promise };
}

async function changesOf(): Promise<number> {
  const { store, uuid } = await diverged();
  let changes = 0;
  const counting = disturbedStore(store, (_name, _key, act) => {
    changes += 1;
    return act();
  });
  await openSyncPlace({ store: counting, uuid }).sync(BOTH);
  return changes;
}

for (const after of [false, true])
  test(`a pull and push whose process dies ${after ? 'after' : 'before'} any change of the store loses nothing, and the next one goes on`, async () => {
    const changes = await changesOf();
    expect(changes).toBeGreaterThanOrEqual(5);
    for (let last = 1; last <= changes; last += 1) {
      const { store, uuid, host, ours, theirs } = await diverged();
      const killed = dying(store, last, after);
      // What a dead process would throw is heard by nobody.
      void openSyncPlace({ store: killed.store, uuid })
        .sync(BOTH)
        .catch(() => undefined);
      await killed.death;
      const next = openSyncPlace({ store, uuid, runtime: later });
      await expectSound(next.repository);
      await next.sync(BOTH);
      await expectSound(next.repository);
      const bare = temporaryFolder();
      await exportTo(next.repository, bare);
      const files = at(bare, 'ls-tree', '-r', '--name-only', 'main').split('\n');
      expect(files).toEqual(['here.md', 'home.md', 'there.md']);
      expect(at(bare, 'show', 'main:home.md')).toBe('ours');
      expect(at(bare, 'log', '-1', '--format=%P', 'main')).toBe(`${ours} ${theirs}`);
      expect(host.run('rev-parse', 'main')).toBe(at(bare, 'rev-parse', 'main'));
      host.run('fsck', '--strict', '--full');
      const [remote] = await next.remotes.list();
      expect(remote).toMatchObject({ status: { failures: 0, conflicts: [{ theirs }] } });
      expect(remote?.status.conflicts).toHaveLength(1);
      expect(remote?.status.conflicts[0]?.merge).toBe(host.run('rev-parse', 'main'));
      expect(remote?.lease).toBeUndefined();
    }
  }, 120_000);

const LOST = [
  { what: 'whose answer is lost', never: 0, unheard: 1 },
  { what: 'that never arrived', never: 1, unheard: 0 },
  { what: 'that never arrived, and whose answer is lost then,', never: 1, unheard: 1 },
];

for (const { what, never, unheard } of LOST)
  test(`a merge ${what} lands once, and what is told is what landed`, async () => {
    const { store, uuid, host, theirs } = await diverged();
    const other = openSyncPlace({ store, uuid });
    const lost = { never: 0, unheard: 0 };
    const losing = disturbedStore(store, async (name, key, act) => {
      if (name !== 'put' || key !== ledgerKey(uuid)) return await act();
      const isDropped = lost.never < never;
      const answer = isDropped ? undefined : await act();
      const isThere = Object.keys((await other.repository.ledger(0)).refs).length > 1;
      const isUnheard = !isDropped && isThere && lost.unheard < unheard;
      if (!isDropped && !isUnheard) return answer;
      if (isDropped) lost.never += 1;
      else lost.unheard += 1;
      // Somebody has gone on before it is asked what came of it.
      await commitFiles(other.repository, { [`later-${lost.never}-${lost.unheard}.md`]: 'l\n' });
      return { kind: 'unknown', cause: new Error('the answer was lost') };
    });
    const place = openSyncPlace({ store: losing, uuid });
    const { pull } = await place.sync({ pull: true });
    expect(lost).toEqual({ never, unheard });
    expect(pull).toMatchObject({ outcome: 'conflicts', theirs, commits: 1 });
    await expectSound(place.repository);
    const bare = temporaryFolder();
    await exportTo(place.repository, bare);
    expect(at(bare, 'log', '--format=%H', '--merges', 'main')).toBe(pull?.head);
    const [remote] = await place.remotes.list();
    expect(remote?.status.conflicts).toMatchObject([{ theirs, merge: pull?.head }]);
    expect((await place.sync({ push: true })).push?.outcome).toBe('pushed');
    expect(host.text(`later-${never}-${unheard}.md`)).toBe('l\n');
  });
