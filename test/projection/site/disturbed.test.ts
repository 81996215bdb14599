import { describe, expect, it } from 'vitest';
import { type Runtime, systemRuntime } from '../../../src/core/runtime.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import type { RunnableProjection } from '../../../src/projection/runnable.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { commitFiles } from '../../support/repository.ts';
import { crowdedStore, digestStore, doubtfulStore, dyingStore, holdingStore } from './disturbed-store.ts';
import { hide, madeAnew, newWiki, objectsOf, openSite, publish, UUID } from './site-support.ts';

const HOUR_MS = 3_600_000;

/** Later than the real time. Nobody waits. */
function laterRuntime(hours: number): Runtime {
  return {
    ...systemRuntime,
    now: () => systemRuntime.now() + hours * HOUR_MS,
    sleep: () => systemRuntime.turn(),
  };
}

const siteOf = (store: ByteStore, hours = 0): RunnableProjection =>
  openSite({ store, runtime: laterRuntime(hours) }).site;

/** Tombstones go when nobody can be about to write any more, and what came late is found by then. */
async function expectHealed(store: ByteStore, wiki: LedgerRepository): Promise<void> {
  await publish(siteOf(store), wiki);
  const expected = await madeAnew(wiki);
  for (const [key, text] of await objectsOf(store))
    if (!text.includes('<!-- gone ')) expect([key, text]).toEqual([key, expected.get(key)]);
  await publish(siteOf(store, 2), wiki);
  expect(await objectsOf(store)).toEqual(expected);
}

async function firstWiki(): Promise<LedgerRepository> {
  const wiki = await newWiki();
  await commitFiles(wiki, { 'home.md': 'see [[a]]', 'a.md': 'first', 'b/c.md': 'c', 'b/d.txt': 'd' });
  return wiki;
}

const CHANGE = { 'a.md': 'second', 'b/c.md': null, 'b/new.md': 'to [[home]]', 'b/d.txt': 'other' };

describe('a run that is killed', () => {
  it('at any call of the store leaves what the next run makes right, whatever was committed since', async () => {
    const calls = await callsOfRun();
    for (let call = 1; call <= calls; call += 1) {
      const [wiki, store] = [await firstWiki(), digestStore()];
      await publish(siteOf(store), wiki);
      await commitFiles(wiki, CHANGE);
      const dying = dyingStore(store, call, call % 2 === 0);
      await publish(siteOf(dying.store), wiki).catch(() => {});
      if (call % 3 === 0) await commitFiles(wiki, { 'a.md': 'first', 'b/c.md': 'c', 'b/new.md': null });
      if (call % 5 === 0) await hide(wiki, 'b');
      await expectHealed(store, wiki);
    }
  }, 120_000);

  it('at any call while everything is made goes on from there', async () => {
    const wiki = await firstWiki();
    for (let call = 1; call < 60; call += 1) {
      const store = digestStore();
      await publish(siteOf(dyingStore(store, call, call % 2 === 0).store), wiki).catch(() => {});
      await expectHealed(store, wiki);
    }
  }, 120_000);
});

async function callsOfRun(): Promise<number> {
  const [wiki, store] = [await firstWiki(), digestStore()];
  await publish(siteOf(store), wiki);
  await commitFiles(wiki, CHANGE);
  const counted = dyingStore(store, Number.POSITIVE_INFINITY, true);
  await publish(siteOf(counted.store), wiki);
  return counted.calls();
}

describe('runs at once', () => {
  it('come to the same site as one, also while commits and rules come in between', async () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      let state = seed;
      const turns = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state % 4;
      };
      const [wiki, store] = [await firstWiki(), digestStore()];
      const runs = [1, 2, 3].map(() => publish(siteOf(crowdedStore(store, turns)), wiki));
      await commitFiles(wiki, CHANGE);
      runs.push(publish(siteOf(crowdedStore(store, turns)), wiki));
      await hide(wiki, 'b');
      runs.push(publish(siteOf(crowdedStore(store, turns)), wiki));
      await Promise.all(runs);
      await expectHealed(store, wiki);
    }
  }, 120_000);
});

describe('a put that comes late', () => {
  it('shows nothing that was taken away since', async () => {
    let released = 0;
    for (let put = 1; put <= 14; put += 1) {
      const [wiki, store] = [await firstWiki(), digestStore()];
      await publish(siteOf(store), wiki);
      await commitFiles(wiki, { 'secret.md': 'canary', 'home.md': 'see [[secret]] canary' });
      const { store: holding, held } = holdingStore(store, put);
      void publish(siteOf(holding), wiki);
      for (let turn = 0; turn < 400 && held.release === undefined; turn += 1) await systemRuntime.turn();
      await commitFiles(wiki, { 'secret.md': null, 'home.md': 'see [[a]]' });
      await publish(siteOf(store), wiki);
      if (held.release !== undefined) released += 1;
      await held.release?.();
      // Where the content is as it was before, the late put finds the version that it looked at: then the next run heals it.
      await expectHealed(store, wiki);
      expect(JSON.stringify([...(await objectsOf(store))])).not.toContain('canary');
    }
    expect(released).toBeGreaterThan(8);
  }, 120_000);
});

describe('a put of which nobody knows what became of it', () => {
  const SECRET = `site/${UUID}/p/secret.html`;

  it("is no other run's: caches are told of it", async () => {
    const [wiki, store] = [await firstWiki(), digestStore()];
    await commitFiles(wiki, { 'secret.md': 'first' });
    await publish(siteOf(store), wiki);
    await commitFiles(wiki, { 'secret.md': 'second' });
    const told: string[] = [];
    const invalidator = { invalidate: async (urls: readonly string[]) => void told.push(...urls) };
    const doubtful = doubtfulStore(store, SECRET, true);
    await publish(openSite({ store: doubtful.store, invalidator }).site, wiki);
    expect(told).toContain('secret');
  });

  it('shows nothing when it comes late, after the page was taken away', async () => {
    const [wiki, store] = [await firstWiki(), digestStore()];
    await publish(siteOf(store), wiki);
    await commitFiles(wiki, { 'secret.md': 'canary' });
    const doubtful = doubtfulStore(store, SECRET, false);
    await publish(siteOf(doubtful.store), wiki);
    await commitFiles(wiki, { 'secret.md': null });
    await publish(siteOf(store), wiki);
    await doubtful.held.release?.();
    const objects = [...(await objectsOf(store))];
    expect(objects.filter(([, text]) => text.includes('canary')).map(([key]) => key)).toEqual([]);
    await expectHealed(store, wiki);
  });
});

it('runs that die at the same place again and again leave one claim', async () => {
  const [wiki, store] = [await firstWiki(), digestStore()];
  await publish(siteOf(store), wiki);
  await commitFiles(wiki, CHANGE);
  for (let hours = 0; hours < 40; hours += 2) {
    const dying = dyingStore(store, 12, false);
    const { site } = openSite({ store: dying.store, runtime: laterRuntime(hours) });
    await publish(site, wiki).catch(() => {});
  }
  const state = await store.get(`projections/${UUID}/site`);
  const { body } = JSON.parse(state.kind === 'found' ? state.bytes.toString() : '{}');
  expect(body.own.claims).toHaveLength(1);
  await expectHealed(store, wiki);
});
