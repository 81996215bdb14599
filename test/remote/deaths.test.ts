import { expect, test } from 'vitest';
import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import { createLedger } from '../../src/git/open.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { at, expectSound } from '../git/incoming/push-support.ts';
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

/** The store, which asks `disturb` before each call that changes something. */
function disturbed(store: ByteStore, disturb: (act: () => unknown) => unknown): ByteStore {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!['put', 'upload', 'delete'].includes(String(name))) return value.bind(target);
      return (...args: unknown[]) => disturb(() => value.apply(target, args));
    },
  }) as ByteStore;
}

/** A store that answers nothing from its `last`th change on; `after`: that one is still made. */
function dying(store: ByteStore, last: number, after: boolean) {
  const death = Promise.withResolvers<void>();
  let done = 0;
  const dead = disturbed(store, async act => {
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
  const counting = disturbed(store, act => {
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
