import { describe, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import {
  createSnapshotState,
  type SnapshotStateOptions,
  snapshotKey,
} from '../../../src/db/state/snapshot-state.ts';
import {
  counters,
  countOf,
  countSchema,
  raise,
  raiseNoting,
  schemaOf,
  type TestState,
  type TestTables,
  thousand,
} from '../../contract/state-tables.ts';
import { type ScriptedStore, scriptedStore, unanswered } from '../../swap/scripted-store.ts';

const KEY = snapshotKey('one');
const newer = schemaOf(counters, thousand);

function open(store: ScriptedStore, options: Partial<SnapshotStateOptions> = {}): TestState {
  const given = { store, uuid: 'one', schema: countSchema, runtime: systemRuntime, ...options };
  const state = createSnapshotState<TestTables>(given);
  onTestFinished(() => state.close());
  return state;
}

async function bytesIn(store: ScriptedStore): Promise<Buffer> {
  const outcome = await store.get(KEY);
  if (outcome.kind !== 'found') throw new Error(`the object is ${outcome.kind}`);
  return outcome.bytes;
}

describe('a state in the store', () => {
  it('is one object, which a warm write replaces by one call and a read within its age does not ask for', async () => {
    const store = scriptedStore();
    const state = open(store);
    await raise(state);
    const before = { ...store.calls };
    await raise(state);
    expect(store.calls).toEqual({ gets: before.gets, puts: before.puts + 1 });
    await state.read(async () => 1, { maxAgeMs: 60_000 });
    expect(store.calls.gets).toBe(before.gets);
    expect((await store.list('')).objects.map(({ key }) => key)).toEqual([KEY]);
  });

  it('takes transactions that come together in one call', async () => {
    const store = scriptedStore();
    const state = open(store);
    await raise(state);
    const { puts } = store.calls;
    const raised = await Promise.all(Array.from({ length: 20 }, () => raise(state)));
    expect(raised.map(({ nth }) => nth)).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    expect(store.calls.puts - puts).toBeLessThanOrEqual(2);
  });

  it('is not written by a transaction that changes nothing, nor by one that is refused', async () => {
    const store = scriptedStore();
    const state = open(store);
    const nothing = () => state.write(async () => 'nothing');
    const refused = () => state.write(async () => Promise.reject(new Error('no')));
    expect(await nothing()).toBe('nothing');
    await expect(refused()).rejects.toThrow('no');
    expect([store.calls.puts, await state.exists()]).toEqual([0, false]);
    await raise(state);
    const { puts } = store.calls;
    expect(await nothing()).toBe('nothing');
    await expect(refused()).rejects.toThrow('no');
    expect(store.calls.puts).toBe(puts);
  });

  it('is migrated with the first change, not by reading', async () => {
    const store = scriptedStore();
    await raise(open(store));
    const before = await bytesIn(store);
    const state = open(store, { schema: newer });
    expect((await countOf(state)).value).toBe(1_001);
    expect(await state.status()).toMatchObject({ migrations: [{ state: 'applied' }, { state: 'pending' }] });
    expect((await bytesIn(store)).equals(before)).toBe(true);
    await raise(state);
    expect(await state.status()).toMatchObject({ migrations: [{ state: 'applied' }, { state: 'applied' }] });
  });

  it('is migrated when that is asked for, whatever was read before', async () => {
    const store = scriptedStore();
    await raise(open(store));
    const state = open(store, { schema: newer });
    await countOf(state);
    await state.write(async () => 'nothing');
    expect(await state.migrate()).toEqual(['0002-thousand']);
    expect(await state.migrate()).toEqual([]);
    expect((await countOf(open(store, { schema: newer }))).value).toBe(1_001);
  });

  it('is made by a migration that is asked for where there is none', async () => {
    const store = scriptedStore();
    expect(await open(store).migrate()).toEqual(['0001-counters']);
    expect(await open(store).status()).toMatchObject({ location: `memory:/${KEY}`, exists: true });
  });

  it('is not doubled by a put of which nobody heard', async () => {
    const store = scriptedStore();
    const state = open(store);
    await raise(state, 'first');
    store.nextPut(unanswered);
    expect(await raise(state, 'unheard')).toEqual({ id: 'unheard', nth: 2 });
    expect((await countOf(open(store))).value).toBe(2);
  });

  it('that has gone is not made again by who has seen it', async () => {
    const store = scriptedStore();
    const state = open(store);
    await raise(state);
    await store.delete([KEY]);
    await expect(state.read(async () => 1, { maxAgeMs: 0 })).rejects.toMatchObject({ code: 'object_lost' });
    await expect(raise(state)).rejects.toMatchObject({ code: 'object_lost' });
    expect(await store.get(KEY)).toEqual({ kind: 'absent' });
  });

  it('that is damaged is not read and not written', async () => {
    const store = scriptedStore();
    await raise(open(store));
    const bytes = Buffer.from(await bytesIn(store));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await store.delete([KEY]);
    await store.put(KEY, [bytes], { ifAbsent: true });
    const state = open(store);
    await expect(countOf(state)).rejects.toMatchObject({ code: 'state_corrupt', data: { key: KEY } });
    await expect(raise(state)).rejects.toMatchObject({ code: 'state_corrupt' });
    expect((await bytesIn(store)).equals(bytes)).toBe(true);
  });

  it('that grows too large is refused as it is, and goes on', async () => {
    const store = scriptedStore();
    const state = open(store, { maxBytes: 100_000 });
    await raise(state);
    const refused = raiseNoting(state, 'x'.repeat(100_000));
    await expect(refused).rejects.toMatchObject({
      code: 'state_too_large',
      message: expect.stringContaining('DATABASE_URL'),
    });
    expect((await raise(state)).nth).toBe(2);
  });

  it('shrinks, and holds nothing any more of a row that was deleted', async () => {
    const store = scriptedStore();
    const state = open(store);
    const name = 'A. Person, a rather unusual name';
    await raiseNoting(state, `${name} ${'x'.repeat(50_000)}`);
    expect((await bytesIn(store)).includes(name)).toBe(true);
    const { length } = await bytesIn(store);
    await state.write(async tables => void (await tables.deleteFrom('entry').execute()));
    expect((await bytesIn(store)).includes(name)).toBe(false);
    expect((await bytesIn(store)).length).toBeLessThan(length - 40_000);
  });

  it('that is absent is asked for once within the age that a reader allows', async () => {
    const store = scriptedStore();
    const state = open(store);
    for (let read = 0; read < 3; read += 1) await state.read(async () => 1, { maxAgeMs: 60_000 });
    expect(store.calls.gets).toBe(1);
  });
});
