import { expect, test } from 'vitest';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { sweepTenants } from '../../src/tenant/sweep.ts';
import { Tenants } from '../../src/tenant/tenants.ts';

const PLACES = [
  (uuid: string) => `state/${uuid}`,
  (uuid: string) => `packs/${uuid}/1.pack`,
  (uuid: string) => `raw/${uuid}/a`,
  (uuid: string) => `uploads/${uuid}/a`,
  (uuid: string) => `search/${uuid}/current`,
  (uuid: string) => `drafts/${uuid}/a/b`,
  (uuid: string) => `outbox/${uuid}/mail/due/a`,
  (uuid: string) => `projections/${uuid}/site`,
  (uuid: string) => `site/${uuid}/p/a.html`,
  (uuid: string) => `jobs/${uuid}/a`,
  (uuid: string) => `job-files/${uuid}/a/source`,
  (uuid: string) => `memo/${uuid}/00/a`,
];

/** A store that ends its process, so to speak, at the `n`th call that changes anything: before it or after it. */
function dying(store: ByteStore, death: { left: number; after: boolean }): ByteStore {
  const change = async <T>(call: () => Promise<T>): Promise<T> => {
    death.left -= 1;
    if (death.left === 0 && !death.after) throw new Error('The process ended');
    if (death.left < 0) throw new Error('The process has ended');
    const outcome = await call();
    if (death.left === 0) throw new Error('The process ended');
    return outcome;
  };
  return {
    location: store.location,
    get: (...call) => store.get(...call),
    list: (...call) => store.list(...call),
    put: (...call) => change(() => store.put(...call)),
    delete: (...call) => change(() => store.delete(...call)),
    upload: (...call) => store.upload(...call),
  };
}

function tenantsOf(store: ByteStore, runtime: Runtime, graceMs = 1_000_000): Tenants {
  const birth = async (uuid: string) => {
    await store.put(`ledger/${uuid}`, [Buffer.from('ledger')], { ifAbsent: true });
  };
  return new Tenants({ store, runtime, graceMs, birth, changed() {} });
}

async function setUp() {
  const clock = { ms: 1_000_000 };
  const runtime: Runtime = { ...systemRuntime, now: () => clock.ms };
  const store = createMemoryByteStore({ runtime });
  const tenants = tenantsOf(store, runtime);
  const fill = async (uuid: string) => {
    const hash = uuid.repeat(2);
    const keys = [...PLACES.map(place => place(uuid)), `tokens/${uuid}/owner/${'1'.repeat(16)}.${hash}`];
    for (const key of [...keys, `auth/${hash}`])
      await store.put(key, [Buffer.from('x')], { immutable: true });
  };
  const elsewhere: string[] = [];
  const sweep = (over = store, its = tenants) =>
    Array.fromAsync(
      sweepTenants({ store: over, tenants: its, removeElsewhere: async uuid => void elsewhere.push(uuid) }),
    );
  const keys = async () => (await store.list('')).objects.map(({ key }) => key);
  return { clock, runtime, store, tenants, fill, sweep, keys, elsewhere };
}

test('what is left of a deleted wiki goes when its grace is over, and not before', async () => {
  const { clock, tenants, fill, sweep, keys, elsewhere } = await setUp();
  const [anna, bert] = [await tenants.create('anna'), await tenants.create('bert')];
  for (const { uuid } of [anna, bert]) await fill(uuid);
  await tenants.remove('anna');
  const before = await keys();
  expect(await sweep()).toEqual([]);
  expect(await keys()).toEqual(before);
  clock.ms += 1_000_000;
  expect(await sweep()).toMatchObject([{ name: 'anna', uuid: anna.uuid }]);
  expect(elsewhere).toEqual([anna.uuid]);
  const left = await keys();
  expect(left.filter(key => key.includes(anna.uuid))).toEqual([]);
  expect(left.filter(key => key.includes(bert.uuid))).toEqual(before.filter(key => key.includes(bert.uuid)));
  expect(left).toContain('wikis/bert');
  expect(left).not.toContain('wikis/anna');
});

test('however short the grace, other processes have the time to notice', async () => {
  const { clock, tenants, sweep } = await setUp();
  await tenants.create('anna');
  await tenants.remove('anna', { graceMs: 0 });
  clock.ms += 60_000;
  expect(await sweep()).toEqual([]);
  clock.ms += 60_000;
  expect(await sweep()).toHaveLength(1);
});

test('wherever a sweep ends, the next one completes it', async () => {
  for (const after of [false, true]) {
    for (let call = 1; ; call += 1) {
      const { clock, runtime, tenants, store, fill, sweep, keys } = await setUp();
      const { uuid } = await tenants.create('anna');
      await fill(uuid);
      await tenants.remove('anna');
      clock.ms += 1_000_000;
      const death = { left: call, after };
      const over = dying(store, death);
      const died = await sweep(
        over,
        tenantsOf(over, { ...runtime, sleep: () => systemRuntime.turn(), now: jumping(runtime) }),
      ).then(
        () => false,
        () => true,
      );
      if (died) {
        clock.ms += 60_000;
        await sweep();
      }
      expect(await keys()).toEqual([]);
      if (!died) break;
      expect(call).toBeLessThan(50);
    }
  }
});

test('a name that was swept is given to a new wiki', async () => {
  const { clock, tenants, sweep } = await setUp();
  const first = await tenants.create('anna');
  await tenants.remove('anna');
  await expect(tenants.create('anna')).rejects.toMatchObject({ code: 'tenant_exists' });
  clock.ms += 1_000_000;
  await sweep();
  expect((await tenants.create('anna')).uuid).not.toBe(first.uuid);
});

test('a sweep that was paused leaves the wiki that was given its name meanwhile', async () => {
  const { clock, store, tenants, sweep } = await setUp();
  await tenants.create('anna');
  await tenants.remove('anna');
  clock.ms += 1_000_000;
  let next: { uuid: string } | undefined;
  const meanwhile = async () => {
    await sweep();
    next = await tenants.create('anna');
  };
  await Array.fromAsync(sweepTenants({ store, tenants, removeElsewhere: meanwhile }));
  expect(await tenants.read('anna')).toMatchObject({ uuid: next?.uuid, state: 'active' });
});

test('what is being removed cannot be undeleted', async () => {
  const { clock, tenants } = await setUp();
  await tenants.create('anna');
  await tenants.remove('anna');
  await expect(tenants.condemn('anna')).rejects.toMatchObject({ code: 'tenant_state_wrong' });
  clock.ms += 1_000_000;
  await tenants.condemn('anna');
  await expect(tenants.undelete('anna')).rejects.toMatchObject({ code: 'tenant_state_wrong' });
  await expect(tenants.create('anna')).rejects.toMatchObject({ code: 'tenant_exists' });
});

test('of several who make the same wiki one succeeds', async () => {
  const { store, runtime } = await setUp();
  const makers = Array.from({ length: 8 }, () => tenantsOf(store, runtime));
  const made = await Promise.allSettled(makers.map(tenants => tenants.create('anna')));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of made) {
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'tenant_exists' });
  }
});

test('wherever the making of a wiki ends, the next one completes it', async () => {
  for (const after of [false, true]) {
    for (let call = 1; ; call += 1) {
      const { runtime, tenants, store, keys } = await setUp();
      const over = dying(store, { left: call, after });
      const died = await tenantsOf(over, {
        ...runtime,
        sleep: () => systemRuntime.turn(),
        now: jumping(runtime),
      })
        .create('anna')
        .then(
          () => false,
          () => true,
        );
      const { uuid } = died
        ? await tenants.create('anna').catch(() => tenants.read('anna'))
        : await tenants.read('anna');
      expect(await tenants.read('anna')).toMatchObject({ state: 'active' });
      expect(await keys()).toEqual([`ledger/${uuid}`, 'wikis/anna']);
      if (!died) break;
      expect(call).toBeLessThan(20);
    }
  }
});

/** A clock on which whoever waits for a store that does not answer gives up soon. */
function jumping({ now }: Runtime): () => number {
  let ms = now();
  return () => {
    ms += 500;
    return ms;
  };
}

test('a record of a wiki keeps what is told of it', async () => {
  const { tenants } = await setUp();
  await tenants.create('anna', { note: 'trial', owner: 'Anna' });
  await tenants.suspend('anna');
  await tenants.remove('anna');
  const back = await tenants.undelete('anna');
  expect(back).toMatchObject({ state: 'suspended', note: 'trial', owner: 'Anna', createdMs: 1_000_000 });
  expect(back.deletion).toBeUndefined();
});
