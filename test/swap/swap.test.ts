import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Swap, SwapHooks } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { append, appendUnless, count, emptyList, type List, listFormat } from './list.ts';
import { lost, type ScriptedStore, scriptedStore, unanswered } from './scripted-store.ts';

const key = 'lists/one';

function open(store: ScriptedStore, hooks: SwapHooks<List> = {}, deadlineMs = 25_000): Swap<List> {
  return createSwap({ store, key, format: listFormat, runtime: systemRuntime, hooks, deadlineMs });
}

async function created(): Promise<{ store: ScriptedStore; swap: Swap<List> }> {
  const store = scriptedStore();
  const swap = open(store);
  await swap.create(emptyList());
  return { store, swap };
}

async function words(swap: Swap<List>): Promise<readonly string[] | undefined> {
  return (await swap.read())?.value.words;
}

const code = (error: string) => expect.objectContaining({ code: error });

describe('writers in one process', () => {
  it('share one put when they come together, each with its own result', async () => {
    const { swap } = await created();
    const places = await Promise.all(['a', 'b', 'c'].map(word => swap.submit(append(word))));
    expect(places).toEqual([0, 1, 2]);
    expect(await words(swap)).toEqual(['a', 'b', 'c']);
    expect(swap.counters).toMatchObject({ puts: 2, intents: 3, conflicts: 0 });
  });

  it('gather while a put is in flight', async () => {
    const { store, swap } = await created();
    let later: Promise<number[]> | undefined;
    store.nextPut(put => {
      later = Promise.all([swap.submit(append('b')), swap.submit(append('c'))]);
      return put();
    });
    expect(await swap.submit(append('a'))).toBe(0);
    expect(await later).toEqual([1, 2]);
    expect(store.calls.puts).toBe(3);
  });

  it('gather before a put on a disk for as long as each turn brings more, and no longer', async () => {
    const store = scriptedStore();
    const { turn } = systemRuntime;
    const coming = ['b', 'c'];
    const submitted: Promise<number>[] = [];
    const runtime = {
      ...systemRuntime,
      turn: async () => {
        const word = coming.shift();
        if (word !== undefined) submitted.push(swap.submit(append(word)));
        await turn();
      },
    };
    const swap = createSwap({ store, key, format: listFormat, runtime, local: true });
    await swap.create(emptyList());
    expect(await swap.submit(append('a'))).toBe(0);
    expect(await Promise.all(submitted)).toEqual([1, 2]);
    expect(swap.counters).toMatchObject({ puts: 2, intents: 3 });
    coming.push(...'efghijkl');
    expect(await swap.submit(append('d'))).toBe(3);
    expect(coming.length).toBeGreaterThan(0);
  });

  it('are not disturbed by the refusal of a neighbour', async () => {
    const { swap } = await created();
    const answers = await Promise.allSettled([
      swap.submit(append('a')),
      swap.submit(appendUnless('a', 'b')),
      swap.submit(append('c')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await words(swap)).toEqual(['a', 'c']);
  });

  it('pay one call for a write and none for the next read of what they hold', async () => {
    const { store, swap } = await created();
    const before = { ...store.calls };
    await swap.submit(append('a'));
    expect(swap.held()?.value.words).toEqual(['a']);
    expect(store.calls).toEqual({ gets: before.gets, puts: before.puts + 1 });
  });

  it('write nothing when nothing changes, and ask whether that still holds', async () => {
    const { store, swap } = await created();
    expect(await swap.submit(count())).toBe(0);
    expect(store.calls).toEqual({ gets: 1, puts: 1 });
  });
});

describe('versions', () => {
  it('rise by one and never share a nonce', async () => {
    const { swap } = await created();
    const stamps = [];
    for (const word of ['a', 'b', 'c']) {
      await swap.submit(append(word));
      stamps.push(swap.held()?.value.stamp);
    }
    expect(stamps.map(stamp => stamp?.seq)).toEqual([2, 3, 4]);
    expect(new Set(stamps.map(stamp => stamp?.nonce)).size).toBe(3);
    expect(stamps.every(stamp => stamp?.uuid === 'one' && /^[0-9a-f]{32}$/.test(stamp.nonce))).toBe(true);
  });
});

describe('writers in two processes', () => {
  it('both get through, the later one on top of the earlier one', async () => {
    const { store, swap } = await created();
    const other = open(store);
    await other.read();
    await swap.submit(append('a'));
    expect(await other.submit(append('b'))).toBe(1);
    expect(other.counters.conflicts).toBe(1);
    expect(await words(swap)).toEqual(['a', 'b']);
  });

  it('are refused because of what is there, not because of what was held', async () => {
    const { store, swap } = await created();
    const other = open(store);
    await swap.submit(append('a'));
    await other.read();
    await swap.submit({
      ...append('-'),
      apply: async current => ({ kind: 'change', value: { ...current, words: ['-'] }, result: 0 }),
    });
    expect(await other.submit(appendUnless('a', 'b'))).toBe(1);
    expect(await words(swap)).toEqual(['-', 'b']);
  });

  it('keep what is there, not what was held', async () => {
    const { store, swap } = await created();
    const other = open(store);
    await other.read();
    await swap.submit(append('a'));
    expect(await other.submit(count())).toBe(1);
  });

  it('answer a refusal of a neighbour’s change only when that change is stored', async () => {
    const { store, swap } = await created();
    const told: string[] = [];
    store.nextPut(async put => {
      await systemRuntime.sleep(5);
      told.push('put');
      return put();
    });
    const first = swap.submit(append('a')).then(() => told.push('a'));
    const second = swap.submit(appendUnless('a', 'b')).catch(() => told.push('b'));
    await Promise.all([first, second]);
    expect(told[0]).toBe('put');
  });
});

describe('an unknown outcome', () => {
  it('of a put that took effect is found out, and nothing is written twice', async () => {
    const { store, swap } = await created();
    store.nextPut(unanswered);
    expect(await swap.submit(append('a'))).toBe(0);
    expect(await words(swap)).toEqual(['a']);
    expect(swap.counters).toMatchObject({ unknowns: 1, puts: 2 });
  });

  it('of a put that was lost is settled by a put that rules out its late landing', async () => {
    const { store, swap } = await created();
    let late = async (): Promise<unknown> => undefined;
    store.nextPut(async put => {
      late = put;
      return lost();
    });
    expect(await swap.submit(append('a'))).toBe(0);
    expect(await late()).toMatchObject({ kind: 'conflict' });
    expect(await words(swap)).toEqual(['a']);
  });

  it('holds a refusal back until a version is there on which the first put cannot land', async () => {
    const { store, swap } = await created();
    let late = async (): Promise<unknown> => undefined;
    store.nextPut(async put => {
      late = put;
      return lost();
    });
    let times = 0;
    const { settle, apply } = append('a');
    const fickle = swap.submit({
      settle,
      apply: async (current: List) => {
        times += 1;
        if (times > 1) throw new KittiwakeError('taken', 'Appending: no longer wanted');
        return apply(current);
      },
    });
    await expect(fickle).rejects.toEqual(code('taken'));
    expect(await late()).toMatchObject({ kind: 'conflict' });
    expect(await words(swap)).toEqual([]);
    expect(swap.held()?.value.stamp.seq).toBe(2);
  });

  it('that stays unknown to the deadline is told as such', async () => {
    const { store, swap } = await created();
    for (let time = 0; time < 20; time += 1) store.nextPut(lost);
    const late = swap.submit(append('a', systemRuntime.now() + 60));
    await expect(late).rejects.toEqual(code('outcome_unknown'));
  });

  it('may be our own success told as a conflict', async () => {
    const { store, swap } = await created();
    store.nextPut(async put => {
      await put();
      return put();
    });
    expect(await swap.submit(append('a'))).toBe(0);
    expect(await words(swap)).toEqual(['a']);
  });
});

describe('a deadline', () => {
  it('before anything was put ends in contention, with the time to wait', async () => {
    const { store, swap } = await created();
    const error = await swap.submit(append('a', systemRuntime.now() - 1)).catch(thrown => thrown);
    expect(error).toMatchObject({ code: 'contention', data: { retryAfterMs: expect.any(Number) } });
    expect(await words(swap)).toEqual([]);
    expect(store.calls.puts).toBe(1);
  });

  it('takes effect while the store does not answer', async () => {
    const { store, swap } = await created();
    store.nextPut(() => new Promise(() => {}));
    const hung = swap.submit(append('a', systemRuntime.now() + 20));
    const waiting = swap.submit(appendUnless('nothing', 'b', systemRuntime.now() + 20));
    await expect(hung).rejects.toEqual(code('outcome_unknown'));
    await expect(waiting).rejects.toEqual(code('outcome_unknown'));
  });
});

describe('a store that refuses', () => {
  it('is told to the writers, and later writes go through', async () => {
    const { store, swap } = await created();
    store.nextPut(async () => {
      throw new KittiwakeError('storage_full', 'Writing: no space is left');
    });
    await expect(swap.submit(append('a'))).rejects.toEqual(code('storage_full'));
    expect(await swap.submit(append('b'))).toBe(0);
    expect(await words(swap)).toEqual(['b']);
  });

  it('reads is asked again', async () => {
    const { store } = await created();
    const other = open(store);
    store.nextGet(async () => {
      throw new KittiwakeError('storage_failed', 'Reading: the connection was reset');
    });
    expect(await other.submit(append('a'))).toBe(0);
  });

  it('reads for good is told at once', async () => {
    const { store } = await created();
    const other = open(store);
    store.nextGet(async () => {
      throw new KittiwakeError('storage_denied', 'Reading: the permission is missing');
    });
    await expect(other.submit(append('a'))).rejects.toEqual(code('storage_denied'));
  });
});

describe('hooks', () => {
  it('do work beside a put, which is done before anybody is answered', async () => {
    const store = scriptedStore();
    const done: string[] = [];
    const beside = async (value: List): Promise<void> => {
      await systemRuntime.sleep(5);
      done.push(`beside ${value.words.join()}`);
    };
    const swap = open(store, { beside });
    await swap.create(emptyList());
    await swap.submit(append('a')).then(() => done.push('answer'));
    expect(done).toEqual(['beside a', 'answer']);
  });

  it('fold the value of a group, but cause no put', async () => {
    const store = scriptedStore();
    const swap = open(store, {
      fold: value => ({ ...value, words: value.words.filter(word => word !== 'x') }),
    });
    await swap.create({ ...emptyList(), words: ['x'] });
    expect(await swap.submit(count())).toBe(0);
    expect(store.calls.puts).toBe(1);
    await swap.submit(append('a'));
    expect(await words(swap)).toEqual(['a']);
  });
});
