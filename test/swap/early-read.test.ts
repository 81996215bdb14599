import { expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import type { EarlyRead } from '../../src/swap/mirror.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { append, appendUnless, emptyList, type List, listFormat } from './list.ts';
import { type ScriptedStore, scriptedStore } from './scripted-store.ts';

const KEY = 'list';

/** A stored list, and a swap that begins with a reading of it. */
async function begun(options: { isCurrent: boolean; outcome?: EarlyRead['outcome'] }) {
  const inner = createMemoryByteStore();
  await open(inner).create(emptyList());
  await open(inner).submit(append('first'));
  const store = scriptedStore(inner);
  const early = {
    outcome: options.outcome ?? inner.get(KEY),
    sentMs: () => systemRuntime.now(),
    isCurrent: () => options.isCurrent,
  };
  return { inner, store, swap: open(store, early) };
}

function open(
  store: ScriptedStore | ReturnType<typeof createMemoryByteStore>,
  early?: EarlyRead,
): Swap<List> {
  return createSwap({ store, key: KEY, format: listFormat, runtime: systemRuntime, early });
}

test('a current early reading answers the first reader, once', async () => {
  const { swap, store } = await begun({ isCurrent: true });
  expect((await swap.read())?.value.words).toEqual(['first']);
  expect(store.calls).toEqual({ gets: 0, puts: 0 });
  await swap.read();
  expect(store.calls).toEqual({ gets: 1, puts: 0 });
});

test('one that is no longer current is compared with, and not shown', async () => {
  const { swap, store, inner } = await begun({ isCurrent: false });
  await open(inner).submit(append('second'));
  expect((await swap.read())?.value.words).toEqual(['first', 'second']);
  expect(store.calls).toEqual({ gets: 1, puts: 0 });
});

test('a writer formats on it, current or not', async () => {
  for (const isCurrent of [true, false]) {
    const { swap, store } = await begun({ isCurrent });
    await swap.submit(append('second'));
    expect(store.calls).toEqual({ gets: 0, puts: 1 });
    expect((await swap.read())?.value.words).toEqual(['first', 'second']);
  }
});

test('a writer that formats on an outdated one reads what was written since', async () => {
  const { swap, inner } = await begun({ isCurrent: false });
  await open(inner).submit(append('second'));
  await swap.submit(append('third'));
  expect((await swap.read())?.value.words).toEqual(['first', 'second', 'third']);
});

test('one that fails or finds nothing is forgotten', async () => {
  const failed = Promise.reject(new Error('no connection'));
  failed.catch(() => {});
  for (const outcome of [failed, Promise.resolve({ kind: 'absent' as const })]) {
    const { swap, store } = await begun({ isCurrent: true, outcome });
    expect((await swap.read())?.value.words).toEqual(['first']);
    expect(store.calls).toEqual({ gets: 1, puts: 0 });
    await swap.submit(append('second'));
  }
});

test('a refusal on an outdated one is told only after the store was asked', async () => {
  const { swap, inner } = await begun({ isCurrent: false });
  await open(inner).submit(append('second'));
  await expect(swap.submit(appendUnless('second', 'third'))).rejects.toMatchObject({ code: 'taken' });
  const { swap: other, inner: same } = await begun({ isCurrent: false });
  const { version } = (await open(same).read()) ?? { version: '' };
  const removed = [Buffer.from(JSON.stringify({ words: [], stamp: { uuid: 'one', seq: 9, nonce: 'x' } }))];
  await same.put(KEY, removed, { ifMatch: version });
  expect(await other.submit(appendUnless('first', 'third'))).toBe(0);
});
