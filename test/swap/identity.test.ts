import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../src/core/errors.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { append, emptyList, type List, listFormat } from './list.ts';
import { lost, type ScriptedStore, scriptedStore, unanswered } from './scripted-store.ts';

const key = 'lists/one';
const code = (error: string) => expect.objectContaining({ code: error });

function open(store: ScriptedStore): Swap<List> {
  return createSwap({ store, key, format: listFormat, runtime: systemRuntime });
}

describe('creating an object', () => {
  it('makes the first version', async () => {
    const store = scriptedStore();
    const held = await open(store).create(emptyList());
    expect(held.value.stamp).toMatchObject({ uuid: 'one', seq: 1 });
    expect((await open(store).read())?.value).toEqual(held.value);
  });

  it('is refused where one is, held or not', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    await expect(swap.create(emptyList('two'))).rejects.toEqual(code('object_exists'));
    await expect(open(store).create(emptyList('two'))).rejects.toEqual(code('object_exists'));
  });

  it('has one winner among many', async () => {
    const store = scriptedStore();
    const uuids = ['one', 'two', 'three'];
    const answers = await Promise.allSettled(uuids.map(uuid => open(store).create(emptyList(uuid))));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it.each([
    ['took effect', unanswered],
    ['was lost', lost],
  ])('succeeds when the first put’s outcome is unknown and it %s', async (_, script) => {
    const store = scriptedStore();
    store.nextPut(script);
    const held = await open(store).create(emptyList());
    expect(held.value.stamp.seq).toBe(1);
    expect((await open(store).read())?.value).toEqual(held.value);
  });

  it('knows its object when others have written to it before it could look', async () => {
    const store = scriptedStore();
    store.nextPut(async put => {
      await put();
      await open(store).submit(append('a'));
      return lost();
    });
    expect((await open(store).create(emptyList())).value.words).toEqual(['a']);
  });

  it('is no loss to a reading that was answered before it and heard of after it', async () => {
    const store = scriptedStore();
    const swap = open(store);
    store.nextGet(async get => {
      const outcome = await get();
      await swap.create(emptyList());
      return outcome;
    });
    expect((await swap.read())?.value.stamp.uuid).toBe('one');
  });

  it('does not bring back an object that this process has seen', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    await store.delete([key]);
    await expect(swap.create(emptyList('two'))).rejects.toEqual(code('object_lost'));
    expect(await open(store).read()).toBeUndefined();
  });
});

describe('an object that is not there', () => {
  it('reads as nothing and takes no writes when it never was', async () => {
    const store = scriptedStore();
    const swap = open(store);
    expect(await swap.read()).toBeUndefined();
    await expect(swap.submit(append('a'))).rejects.toEqual(code('object_absent'));
    expect(store.calls.puts).toBe(0);
  });

  it('is lost when it was seen, and nothing is written', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    await store.delete([key]);
    await expect(swap.submit(append('a'))).rejects.toEqual(code('object_lost'));
    await expect(swap.read()).rejects.toEqual(code('object_lost'));
    expect(await open(store).read()).toBeUndefined();
  });
});

describe('an object that is another one', () => {
  it('under the same key ends every request, and is left as it is', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    await store.delete([key]);
    await open(store).create(emptyList('two'));
    await expect(swap.submit(append('a'))).rejects.toEqual(code('object_replaced'));
    await expect(swap.read()).rejects.toEqual(code('object_replaced'));
    expect((await open(store).read())?.value.words).toEqual([]);
  });

  it('is lost when it went back to an older version', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    const backup = await store.get(key);
    await swap.submit(append('a'));
    await store.delete([key]);
    if (backup.kind === 'found') await store.put(key, [backup.bytes], { ifAbsent: true });
    await expect(swap.submit(append('b'))).rejects.toEqual(code('object_lost'));
    expect((await open(store).read())?.value.words).toEqual([]);
  });

  it('cannot be decoded, which is told as such', async () => {
    const store = scriptedStore();
    await store.put(key, [Buffer.from('{')], { ifAbsent: true });
    await expect(open(store).submit(append('a'))).rejects.toEqual(code('object_unreadable'));
  });
});

describe('reading', () => {
  it('asks the store unless an older answer will do', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    await swap.read(60_000);
    expect(store.calls.gets).toBe(0);
    await swap.read();
    expect(store.calls.gets).toBe(1);
  });

  it('shares one question among those for whom its answer is new enough', async () => {
    const store = scriptedStore();
    await open(store).create(emptyList());
    const swap = open(store);
    await Promise.all([swap.read(60_000), swap.read(60_000), swap.read(60_000)]);
    expect(store.calls.gets).toBe(1);
  });

  it('never goes back behind what this process has written', async () => {
    const store = scriptedStore();
    const swap = open(store);
    await swap.create(emptyList());
    store.nextGet(async get => {
      const old = await get();
      await swap.submit(append('a'));
      return old;
    });
    expect((await swap.read())?.value.words).toEqual(['a']);
  });

  it('passes on what the store threw', async () => {
    const store = scriptedStore();
    store.nextGet(async () => {
      throw new KittiwakeError('storage_failed', 'Reading: the connection was reset');
    });
    await expect(open(store).read()).rejects.toEqual(code('storage_failed'));
  });
});
