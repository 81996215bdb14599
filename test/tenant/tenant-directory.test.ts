import { expect, test } from 'vitest';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import {
  type Found,
  TenantDirectory,
  type TenantDirectoryOptions,
} from '../../src/tenant/tenant-directory.ts';
import { Tenants } from '../../src/tenant/tenants.ts';

function setUp(options: Partial<TenantDirectoryOptions> = {}) {
  const clock = { ms: 1_000_000 };
  const runtime: Runtime = { ...systemRuntime, now: () => clock.ms };
  const memory = createMemoryByteStore({ runtime });
  const state = { gets: 0, fails: false };
  const store: ByteStore = {
    ...bound(memory),
    get: async (key, given) => {
      state.gets += 1;
      if (state.fails) throw new Error('The store is down');
      return await memory.get(key, given);
    },
  };
  const gone: string[] = [];
  const onGone = ({ uuid }: { uuid: string }) => void gone.push(uuid);
  const directory = new TenantDirectory({ store: async () => store, runtime, onGone, ...options });
  const elsewhere = new Tenants({ store: memory, runtime, graceMs: 0, birth: async () => {}, changed() {} });
  const find = async (name: string): Promise<Found> => directory.find(name);
  return { clock, state, directory, elsewhere, find, gone, memory };
}

function bound(store: ByteStore): ByteStore {
  return {
    location: store.location,
    get: (...call) => store.get(...call),
    put: (...call) => store.put(...call),
    list: (...call) => store.list(...call),
    delete: (...call) => store.delete(...call),
    upload: (...call) => store.upload(...call),
  };
}

test('a record is asked for once while it is fresh', async () => {
  const { state, elsewhere, find, directory } = setUp();
  const { uuid } = await elsewhere.create('anna');
  expect((await find('anna')).tenant).toEqual({ name: 'anna', uuid });
  expect(directory.find('anna')).toEqual({ tenant: { name: 'anna', uuid }, refreshing: undefined });
  expect(state.gets).toBe(1);
});

test('those who ask at once share the answer', async () => {
  const { state, elsewhere, find } = setUp();
  await elsewhere.create('anna');
  await Promise.all(Array.from({ length: 50 }, () => find('anna')));
  expect(state.gets).toBe(1);
});

test('an older record counts while it is asked for again beside the request', async () => {
  const { clock, state, elsewhere, find, directory } = setUp();
  await elsewhere.create('anna');
  await find('anna');
  await elsewhere.suspend('anna');
  clock.ms += 10_000;
  const found = directory.find('anna') as Found;
  expect(found.tenant.name).toBe('anna');
  await found.refreshing;
  expect(state.gets).toBe(2);
  await expect(find('anna')).rejects.toMatchObject({ code: 'wiki_suspended' });
});

test('what others change is seen after half a minute at the latest', async () => {
  const { clock, elsewhere, find } = setUp();
  await elsewhere.create('anna');
  await find('anna');
  await elsewhere.remove('anna');
  clock.ms += 30_000;
  await expect(find('anna')).rejects.toMatchObject({ code: 'tenant_absent' });
});

test('an old record is not served from when the store does not answer', async () => {
  const { clock, state, elsewhere, find } = setUp();
  await elsewhere.create('anna');
  await find('anna');
  state.fails = true;
  clock.ms += 10_000;
  const found = await find('anna');
  await found.refreshing;
  clock.ms += 30_000;
  await expect(find('anna')).rejects.toThrow('The store is down');
  state.fails = false;
  expect((await find('anna')).tenant.name).toBe('anna');
});

test('whoever holds a wiki that is served no more is told', async () => {
  const { clock, elsewhere, find, gone } = setUp();
  const { uuid } = await elsewhere.create('anna');
  await find('anna');
  await elsewhere.suspend('anna');
  clock.ms += 30_000;
  await find('anna').catch(() => undefined);
  expect(gone).toEqual([uuid]);
});

test('a name that was given again stands for the new wiki', async () => {
  const { clock, elsewhere, find, gone, memory } = setUp();
  const first = await elsewhere.create('anna');
  await find('anna');
  await memory.delete(['wikis/anna']);
  const second = await elsewhere.create('anna');
  clock.ms += 30_000;
  expect((await find('anna')).tenant.uuid).toBe(second.uuid);
  expect(gone).toEqual([first.uuid]);
});

test('what was forgotten is asked for, also when it was being asked for', async () => {
  const { elsewhere, find, directory } = setUp();
  await elsewhere.create('anna');
  const early = find('anna');
  await elsewhere.suspend('anna');
  directory.forget('anna');
  await early;
  await expect(find('anna')).rejects.toMatchObject({ code: 'wiki_suspended' });
});

test('an unknown name is asked for once in a while', async () => {
  const { clock, state, elsewhere, find } = setUp();
  for (let time = 0; time < 20; time += 1)
    await expect(find('anna')).rejects.toMatchObject({ code: 'tenant_absent' });
  expect(state.gets).toBe(1);
  await elsewhere.create('anna');
  clock.ms += 5_000;
  expect((await find('anna')).tenant.name).toBe('anna');
});

test('a flood of unknown names asks the store a bounded number of times', async () => {
  const { clock, state, find } = setUp();
  const codes = new Map<string, number>();
  for (let number = 0; number < 5_000; number += 1) {
    clock.ms += 1;
    const code = await find(`flood-${number}`).catch(error => error.code);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // 100 at once, and 10 a second for 5 seconds.
  expect(state.gets).toBeLessThanOrEqual(151);
  expect([...codes.keys()].sort()).toEqual(['rate_limited', 'tenant_absent']);
});

test('wikis that are known are served during a flood', async () => {
  const { state, elsewhere, find, clock } = setUp();
  await elsewhere.create('anna');
  await find('anna');
  for (let number = 0; number < 200; number += 1) await find(`flood-${number}`).catch(() => undefined);
  clock.ms += 1;
  expect((await find('anna')).tenant.name).toBe('anna');
  clock.ms += 40_000;
  for (let number = 0; number < 600; number += 1) await find(`more-${number}`).catch(() => undefined);
  const before = state.gets;
  expect((await find('anna')).tenant.name).toBe('anna');
  expect(state.gets).toBe(before + 1);
});

test('a wiki that exists does not use up what unknown names may ask', async () => {
  const { elsewhere, find } = setUp({ maxUnknown: 2, unknownPerSecond: 1 });
  for (const name of ['anna', 'bert', 'cleo', 'dora']) {
    await elsewhere.create(name);
    expect((await find(name)).tenant.name).toBe(name);
  }
});

test('no more names are kept than may be', async () => {
  const { state, elsewhere, find } = setUp({ maxNames: 2 });
  for (const name of ['anna', 'bert', 'cleo']) await elsewhere.create(name);
  for (const name of ['anna', 'bert', 'cleo', 'anna', 'bert', 'cleo']) await find(name);
  expect(state.gets).toBeGreaterThan(3);
});

test.each([
  ['nothing', ''],
  ['no JSON', 'x'],
  ['no uuid', '{"format":1}'],
  ['a uuid that is a path', '{"format":1,"uuid":"../../etc"}'],
  ['an unknown state', '{"format":"wiki 2","uuid":"0","seq":1,"nonce":"","writes":[],"body":{"state":"x"}}'],
])('a record of %s is refused', async (_, text) => {
  const { memory, find } = setUp();
  await memory.put('wikis/anna', [Buffer.from(text)], { ifAbsent: true });
  await expect(find('anna')).rejects.toMatchObject({ code: 'wiki_name_unreadable' });
});

test('a record of the form before is that of an active wiki', async () => {
  const { memory, find, elsewhere } = setUp();
  const uuid = 'a1'.repeat(16);
  await memory.put('wikis/anna', [Buffer.from(`{"format":1,"uuid":"${uuid}"}\n`)], { ifAbsent: true });
  expect((await find('anna')).tenant).toEqual({ name: 'anna', uuid });
  expect(await elsewhere.suspend('anna')).toMatchObject({ uuid, state: 'suspended' });
  expect(await elsewhere.read('anna')).toMatchObject({ uuid, state: 'suspended' });
});
