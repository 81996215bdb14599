import { expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { type PutReport, UNCOUNTED } from '../../src/swap/causes.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { append, count, emptyList, type List, listFormat } from './list.ts';
import { lost, type ScriptedStore, scriptedStore } from './scripted-store.ts';

const options = { key: 'lists/one', format: listFormat, runtime: systemRuntime };

/** A swap whose callers are named by `caller`, and what is reported of its puts. */
async function reported() {
  const store = scriptedStore();
  await createSwap({ ...options, store }).create(emptyList());
  const reports: PutReport[] = [];
  const who = { caller: 'nobody' };
  const causes = {
    ...UNCOUNTED,
    current: () => who.caller,
    onPut: (report: PutReport) => void reports.push(report),
  };
  const swap = createSwap({ ...options, store, causes });
  const submit = (caller: string) => {
    who.caller = caller;
    return swap.submit(append(caller));
  };
  return { store, swap, reports, submit };
}

/** The next put meets a version that somebody else has put just before. */
function overtaken(store: ScriptedStore, other: Swap<List>): void {
  store.nextPut(async put => {
    await other.submit(append('other'));
    return put();
  });
}

it('a put is reported with its size and for whom it was made', async () => {
  const { reports, submit } = await reported();
  await Promise.all(['a', 'b', 'c'].map(submit));
  expect(reports).toEqual([{ outcome: 'stored', writes: 3, causes: ['a', 'b', 'c'], retried: [] }]);
});

it('a conflict is reported, and who is tried again after it', async () => {
  const { store, reports, submit } = await reported();
  overtaken(store, createSwap({ ...options, store }));
  expect(await submit('a')).toBe(1);
  expect(reports).toEqual([
    { outcome: 'conflict', writes: 1, causes: ['a'], retried: [] },
    { outcome: 'stored', writes: 1, causes: ['a'], retried: ['a'] },
  ]);
});

it('of a group only those are retried whom an earlier put had carried', async () => {
  const { store, reports, submit } = await reported();
  const other = createSwap({ ...options, store });
  let joined: Promise<number> | undefined;
  store.nextPut(async put => {
    joined = submit('b');
    await other.submit(append('other'));
    return put();
  });
  await submit('a');
  await joined;
  expect(reports.at(-1)).toEqual({ outcome: 'stored', writes: 2, causes: ['a', 'b'], retried: ['a'] });
});

it('a put of which nothing is known is reported as that, before its writer is answered', async () => {
  const { store, reports, submit } = await reported();
  store.nextPut(lost);
  await submit('a');
  expect(reports.map(({ outcome, retried }) => [outcome, retried])).toEqual([
    ['unknown', []],
    ['stored', ['a']],
  ]);
});

it('nothing is reported where nothing is put', async () => {
  const { swap, reports } = await reported();
  await swap.submit(count());
  expect(reports).toEqual([]);
});
