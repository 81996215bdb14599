import { beforeEach, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { connectForTest, postgresForTest } from '../support/postgres.ts';
import { openManyWikis } from '../tenant/many-wikis.ts';

let url = '';
beforeEach(ctx => {
  ({ url } = postgresForTest(ctx));
});

const USER = { name: 'Anna', email: 'anna@example.org' };

async function schemas(uuids: readonly string[]): Promise<string[]> {
  const session = await connectForTest(url).borrow();
  try {
    const text = 'select nspname from pg_namespace where nspname = any($1)';
    const { rows } = await session.query(text, [uuids.map(uuid => `kittiwake_${uuid}`)], 5_000);
    return rows.map(row => row.nspname.slice('kittiwake_'.length));
  } finally {
    await session.end();
  }
}

it('a wiki that was deleted leaves no schema behind, and those of others stay', async () => {
  let passedMs = 0;
  const runtime = { ...systemRuntime, now: () => Date.now() + passedMs };
  const { call, create, service } = await openManyWikis({ env: { DATABASE_URL: url }, runtime });
  const sweep = async () => Array.fromAsync((await service.tenants())('test').sweep());
  const [anna, bert, never] = [await create('anna'), await create('bert'), await create('cleo')];
  for (const wiki of ['anna', 'bert']) expect((await call(wiki, 'POST', '/users', USER)).status).toBe(201);
  expect((await schemas([anna, bert, never])).toSorted()).toEqual([anna, bert].toSorted());
  for (const wiki of ['anna', 'cleo']) {
    expect((await call('', 'DELETE', `/tenants/${wiki}`)).status).toBeLessThan(300);
  }
  expect(await sweep()).toEqual([]);
  expect(await schemas([anna])).toEqual([anna]);
  passedMs = 40 * 24 * 3600 * 1000;
  expect((await sweep()).map(({ name }) => name)).toEqual(['anna', 'cleo']);
  expect(await schemas([anna, bert, never])).toEqual([bert]);
  const again = await create('anna');
  expect((await call('anna', 'POST', '/users', USER)).status).toBe(201);
  expect(await schemas([anna, again])).toEqual([again]);
});
