import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { type ImportResult, isSettled, resultKey, writeResult } from '../../src/import/import-result.ts';
import type { ByteStore, PutOutcome } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

const KEY = 'imports/a.bundle';
const runtime = { ...systemRuntime, sleep: async () => {} };

function result(upload: string, state: ImportResult['state'] = 'done'): ImportResult {
  return { format: 1, state, source: { key: KEY, upload, etag: 'e', bytes: 1 }, finished: '' };
}

async function stored(store: ByteStore) {
  const got = await store.get(resultKey(KEY));
  return got.kind === 'found' ? JSON.parse(got.bytes.toString()) : undefined;
}

/** The outcome of each put in turn; what is stored in the end is what the store says. */
function answering(
  store: ByteStore,
  ...outcomes: ((put: () => Promise<PutOutcome>) => Promise<PutOutcome>)[]
) {
  const left = [...outcomes];
  const put: ByteStore['put'] = (...call) => {
    const answer = left.shift() ?? (work => work());
    return answer(() => store.put(...call));
  };
  return Object.assign(Object.create(store), {
    get: store.get.bind(store),
    put,
  }) as ByteStore;
}

const unknown: PutOutcome = { kind: 'unknown', cause: new Error('no answer') };

describe('the result of an import', () => {
  it('is written once for each upload', async () => {
    const store = createMemoryByteStore();
    expect(await isSettled(store, KEY, '1')).toBe(false);
    await writeResult(store, result('1', 'done'), runtime);
    await writeResult(store, result('1', 'failed'), runtime);
    expect(await stored(store)).toMatchObject({ state: 'done', source: { upload: '1' } });
    await writeResult(store, result('2', 'failed'), runtime);
    expect(await stored(store)).toMatchObject({ state: 'failed', source: { upload: '2' } });
    expect([await isSettled(store, KEY, '1'), await isSettled(store, KEY, '2')]).toEqual([false, true]);
  });

  it('is written when it is not known whether it was, and when others write', async () => {
    const store = createMemoryByteStore();
    const landed = async (put: () => Promise<PutOutcome>) => {
      await put();
      return unknown;
    };
    await writeResult(answering(store, landed), result('1'), runtime);
    expect(await stored(store)).toMatchObject({ source: { upload: '1' } });
    const lost = async () => unknown;
    const overtaken = async (put: () => Promise<PutOutcome>) => {
      await writeResult(store, result('2'), runtime);
      return put();
    };
    await writeResult(answering(store, lost, overtaken), result('3'), runtime);
    expect(await stored(store)).toMatchObject({ source: { upload: '3' } });
  });

  it('never takes the place of that of a later upload', async () => {
    const store = createMemoryByteStore();
    await writeResult(store, result('1'), runtime);
    let newest = '2';
    const confirm = async () => {
      if (newest !== '2') throw new Error('replaced');
    };
    const overtaken = async (put: () => Promise<PutOutcome>) => {
      newest = '3';
      await writeResult(store, result('3'), runtime);
      return put();
    };
    const writing = writeResult(answering(store, overtaken), result('2'), runtime, confirm);
    await expect(writing).rejects.toThrow('replaced');
    expect(await stored(store)).toMatchObject({ source: { upload: '3' } });
  });

  it('takes the place of what is no result', async () => {
    const store = createMemoryByteStore();
    await store.put(resultKey(KEY), [Buffer.from('{')], { ifAbsent: true });
    await writeResult(store, result('1'), runtime);
    expect(await isSettled(store, KEY, '1')).toBe(true);
  });

  it('is given up when the store never tells', async () => {
    const store = answering(createMemoryByteStore(), ...Array.from({ length: 8 }, () => async () => unknown));
    await expect(writeResult(store, result('1'), runtime)).rejects.toMatchObject({ code: 'outcome_unknown' });
  });
});
