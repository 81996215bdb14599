import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Changes, Cursor, Projection } from '../../src/projection/projection.ts';
import { createRunner } from '../../src/projection/runner.ts';
import { commitFiles } from '../support/repository.ts';
import { newWiki, openIndex } from './search-support.ts';

/** A projection that only remembers what it was given. */
class Recorder implements Projection {
  readonly name = 'recorder';
  readonly seen: Changes[] = [];
  #cursor: Cursor | undefined;

  async cursor(): Promise<Cursor | undefined> {
    return this.#cursor;
  }

  async hasPassed(): Promise<boolean> {
    return false;
  }

  async apply(changes: Changes): Promise<boolean> {
    this.seen.push(changes);
    this.#cursor = changes.to;
    return true;
  }
}

describe('createRunner', () => {
  it('brings the search index to the head after commits', async () => {
    const [wiki, index] = [await newWiki(), openIndex()];
    const runner = createRunner({
      projections: [{ name: 'search', open: () => index }],
      view: () => wiki.view(),
      runtime: systemRuntime,
      gatherMs: 1,
    });
    const head = await commitFiles(wiki, { 'a.md': 'gull' });
    runner.wake();
    await runner.settled();
    expect(await index.cursor()).toEqual({ head, ordinal: 0 });
  });

  it('gathers the commits of a burst into one run', async () => {
    const [wiki, recorder] = [await newWiki(), new Recorder()];
    const runner = createRunner({
      projections: [{ name: 'recorder', open: () => recorder }],
      view: () => wiki.view(),
      runtime: { sleep: () => systemRuntime.sleep(50) },
    });
    for (let n = 0; n < 5; n += 1) {
      await commitFiles(wiki, { 'a.md': `gull ${n}` });
      runner.wake();
    }
    await runner.settled();
    expect(recorder.seen.map(({ to }) => to.ordinal)).toEqual([4]);
    expect(runner.status()).toEqual([{ name: 'recorder', runs: 1, failures: 0 }]);
  });

  it('runs again for a commit that comes during a run', async () => {
    const [wiki, recorder] = [await newWiki(), new Recorder()];
    await commitFiles(wiki, { 'a.md': 'gull' });
    let isFirst = true;
    const runner = createRunner({
      projections: [{ name: 'recorder', open: () => recorder }],
      view: async () => {
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
    expect(recorder.seen.map(({ to }) => to.ordinal)).toEqual([0, 1]);
  });

  it('contains and counts what fails, goes on with the others, and tries again', async () => {
    const [wiki, recorder] = [await newWiki(), new Recorder()];
    const failures: unknown[] = [];
    let isBroken = true;
    const runner = createRunner({
      projections: [
        {
          name: 'broken',
          open: () => {
            if (isBroken) throw new Error('no');
            return new Recorder();
          },
        },
        { name: 'recorder', open: () => recorder },
      ],
      view: () => wiki.view(),
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
    expect(recorder.seen).toHaveLength(1);
    expect(runner.status()).toEqual([
      { name: 'broken', runs: 2, failures: 1 },
      { name: 'recorder', runs: 2, failures: 0 },
    ]);
  });
});
