import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { catchUp } from '../../src/projection/catch-up.ts';
import { projectionLate } from '../../src/projection/errors.ts';
import { runAll } from '../../src/projection/run-all.ts';
import type { Counts, ProjectionRun, RunnableProjection } from '../../src/projection/runnable.ts';
import { createRunner } from '../../src/projection/runner.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import { newWiki, openIndex } from './search-support.ts';

/** A projection that does what the test says. */
function projection(name: string, run: (run: ProjectionRun) => Promise<Counts | undefined>) {
  const made: RunnableProjection = {
    name,
    condition: async () => ({ cursor: undefined, setAside: [], dropped: 0 }),
    run: async options => (await run(options)) ?? {},
    rebuild: async () => ({}),
  };
  return made;
}

/** One that only remembers which commits it was brought to. */
function recorder(ordinals: number[]): RunnableProjection {
  return projection('recorder', async ({ newest }) => {
    ordinals.push((await newest()).ordinal);
    return undefined;
  });
}

describe('createRunner', () => {
  it('brings the search index to the head after commits', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    const runner = createRunner({
      projections: async () => [
        projection('search', async ({ newest }) => {
          await catchUp(index, await newest());
          return undefined;
        }),
      ],
      newest: () => wiki.view(),
      runtime: systemRuntime,
      gatherMs: 1,
    });
    const head = await commitFiles(wiki, { 'a.md': 'gull' });
    runner.wake();
    await runner.settled();
    expect(await index.cursor()).toEqual({ head, ordinal: 0 });
  });

  it('gathers the commits of a burst into one run', async () => {
    const [wiki, seen] = [await newWiki(), [] as number[]];
    const runner = createRunner({
      projections: async () => [recorder(seen)],
      newest: () => wiki.view(),
      runtime: { ...systemRuntime, sleep: () => systemRuntime.sleep(50) },
    });
    for (let n = 0; n < 5; n += 1) {
      await commitFiles(wiki, { 'a.md': `gull ${n}` });
      runner.wake();
    }
    await runner.settled();
    expect(seen).toEqual([4]);
    expect(runner.status()).toEqual([{ name: 'recorder', runs: 1, failures: 0 }]);
  });

  it('runs again for a commit that comes during a run', async () => {
    const [wiki, seen] = [await newWiki(), [] as number[]];
    await commitFiles(wiki, { 'a.md': 'gull' });
    let isFirst = true;
    const runner = createRunner({
      projections: async () => [recorder(seen)],
      newest: async () => {
        const view = await wiki.view();
        if (isFirst) {
          isFirst = false;
          await commitFiles(wiki, { 'a.md': 'tern' });
          runner.wake();
        }
        return view;
      },
      runtime: systemRuntime,
      gatherMs: 1,
    });
    runner.wake();
    await runner.settled();
    expect(seen).toEqual([0, 1]);
  });

  it('contains and counts what fails, goes on with the others, and tries again', async () => {
    const [wiki, seen] = [await newWiki(), [] as number[]];
    const failures: unknown[] = [];
    let isBroken = true;
    const runner = createRunner({
      projections: async () => [
        projection('broken', async () => {
          if (isBroken) throw new Error('no');
          return undefined;
        }),
        recorder(seen),
      ],
      newest: () => wiki.view(),
      runtime: systemRuntime,
      gatherMs: 1,
      onError: (name, error) => {
        failures.push([name, String(error)]);
        throw new Error('the listener fails too');
      },
    });
    await commitFiles(wiki, { 'a.md': 'gull' });
    runner.wake();
    await runner.settled();
    isBroken = false;
    runner.wake();
    await runner.settled();
    expect(failures).toEqual([['broken', 'Error: no']]);
    expect(seen).toEqual([0, 0]);
    expect(runner.status()).toEqual([
      { name: 'broken', runs: 2, failures: 1 },
      { name: 'recorder', runs: 2, failures: 0 },
    ]);
  });

  it('tells that the projections could not even be listed, and tries again', async () => {
    const [wiki, seen, failures] = [await newWiki(), [] as number[], [] as unknown[]];
    let isBroken = true;
    const runner = createRunner({
      projections: async () => {
        if (isBroken) throw new Error('a setting is wrong');
        return [recorder(seen)];
      },
      newest: () => wiki.view(),
      runtime: systemRuntime,
      gatherMs: 1,
      onError: (name, error) => failures.push([name, String(error)]),
    });
    runner.wake();
    await runner.settled();
    isBroken = false;
    runner.wake();
    await runner.settled();
    expect([failures, seen]).toEqual([[['all', 'Error: a setting is wrong']], [-1]]);
  });

  it('goes on at once with what was not done in its time, and begins nothing after the stop', async () => {
    const wiki = await newWiki();
    let runs = 0;
    const runner = createRunner({
      projections: async () => [
        projection('slow', async () => {
          runs += 1;
          if (runs === 7) void runner.stop();
          throw projectionLate('slow');
        }),
      ],
      newest: () => wiki.view(),
      runtime: systemRuntime,
      gatherMs: 1,
    });
    runner.wake();
    await runner.settled();
    runner.wake();
    await runner.settled();
    // Each round tries twice: in its share, and with what is left over.
    expect(runs).toBe(8);
  });
});

describe('runAll', () => {
  it('gives each its share of the time, and what is left over to those that had too little', async () => {
    const wiki = await newRepository();
    let nowMs = 0;
    const shares: [string, number][] = [];
    const spending = (name: string, neededMs: number) =>
      projection(name, async ({ deadlineMs }) => {
        shares.push([name, deadlineMs]);
        const isLate = nowMs + neededMs > deadlineMs;
        nowMs = Math.min(deadlineMs, nowMs + neededMs);
        if (isLate) throw projectionLate(name);
        return { ms: nowMs };
      });
    const run = { newest: () => wiki.view(), deadlineMs: 900 };
    const list = [spending('search', 600), spending('site', 100), spending('mail', 10)];
    const ran = await runAll(list, run, { now: () => nowMs });
    expect(shares).toEqual([
      ['search', 300],
      ['site', 600],
      ['mail', 900],
      ['search', 900],
    ]);
    expect(ran.map(({ outcome }) => outcome)).toEqual(['late', 'done', 'done']);
  });

  it('begins nothing when the time is over', async () => {
    const wiki = await newRepository();
    const seen: number[] = [];
    const ran = await runAll(
      [recorder(seen)],
      { newest: () => wiki.view(), deadlineMs: 5 },
      { now: () => 5 },
    );
    expect([ran, seen]).toEqual([[{ name: 'recorder', outcome: 'late' }], []]);
  });
});
