import { expect, test } from 'vitest';
import { smallBundle } from './support/bundles.ts';
import { apiClient } from './support/client.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import { movedClock } from './support/moved-clock.ts';
import type { OpenPlace } from './support/s3-place.ts';

const MINUTE_MS = 60_000;

/** One stack with many wikis. */
export function tenantContract(open: OpenPlace): void {
  test('wikis of one stack are made, written, led on and removed, each for itself', async ctx => {
    const clock = movedClock();
    const deployment = await deploy(ctx, open, { door: 'many', environment: clock.environment });
    const { api, functions } = deployment;
    const [anna, bert] = [await makeWiki(deployment, 'anna'), await makeWiki(deployment, 'bert')];
    await functions.api.pool.recycle();
    expect((await anna.call('PUT', '/pages/Home', { content: 'a gull\n' })).status).toBe(201);
    expect((await anna.call('GET', '/pages/Home', undefined, bert.headers)).status).toBe(403);
    const refused = await anna.call('PUT', '/pages/decisions/one', { content: 'no status' });
    expect([refused.status, refused.body.code]).toEqual([422, 'plugin_refused']);
    expect((await anna.call('PUT', '/drafts/Home', { content: 'half' })).status).toBe(201);
    expect((await anna.call('POST', '/users', { name: 'A', email: 'a@example.org' })).status).toBe(201);
    await leadOn(deployment, [anna.uuid]);
    await importInto(deployment, 'imports/bert/old.bundle');
    expect((await anna.call('GET', '/search?q=gull')).body.total).toBe(1);
    expect((await bert.call('GET', '/pages/Home')).body.content).toBe('gull 1\n');
    expect((await api.call('DELETE', '/tenants/anna?grace_days=0')).status).toBe(200);
    expect((await anna.call('GET', '/pages/Home')).status).toBe(404);
    expect(await placesOf(deployment, anna.uuid)).toEqual([
      'drafts',
      'ledger',
      'projections',
      'search',
      'state',
      'tokens',
    ]);
    clock.pass(3 * MINUTE_MS);
    const { error } = await deployment.runSchedule();
    expect([error, await placesOf(deployment, anna.uuid)]).toEqual([undefined, []]);
    expect((await placesOf(deployment, bert.uuid)).length).toBeGreaterThan(0);
    expect(await bert.text('Home')).toBe('gull 1\n');
    const { body } = await api.call('GET', '/audit?action=tenant.&limit=10');
    const actions = body.entries.map((entry: { action: string; target: string }) => entry.action);
    expect(actions).toEqual(['tenant.sweep', 'tenant.delete', 'tenant.create', 'tenant.create']);
  });
}

async function makeWiki({ api, door }: Deployment, name: string) {
  const { status, body } = await api.call('POST', '/tenants', { name, token: true });
  expect([status, body.error]).toEqual([201, undefined]);
  const headers = { authorization: `Bearer ${body.token}` };
  const { call, text } = apiClient(`${door.url}/w/${name}`);
  const own: typeof call = (method, path, given, more = {}) =>
    call(method, path, given, { ...headers, ...more });
  return { uuid: String(body.tenant.uuid), headers, call: own, text };
}

async function importInto({ notify, place, queues, functions }: Deployment, key: string): Promise<void> {
  const made = await place.send('PUT', key, { body: smallBundle() });
  notify(key, { etag: String(made.headers.etag) });
  await queues.find(({ functionId }) => functionId === functions.import.logicalId)?.queue.settled();
  const { text } = await place.send('GET', `${key}.result.json`);
  expect(JSON.parse(text)).toMatchObject({ state: 'done', report: { commits: 2 } });
}

/** By the events of their ledgers. */
async function leadOn({ notify, queues, functions }: Deployment, uuids: readonly string[]): Promise<void> {
  for (const uuid of uuids) expect(notify(`ledger/${uuid}`)).toBe(1);
  const found = queues.find(({ functionId }) => functionId === functions.project.logicalId);
  await found?.queue.settled();
  expect(found?.queue.deadLetters).toEqual([]);
}

/** The first parts of all keys that name a wiki. */
async function placesOf({ place, bucket }: Deployment, uuid: string): Promise<string[]> {
  const query = { 'list-type': '2' };
  const { text } = await place.send('GET', '', { path: `/${bucket}`, query });
  const keys = [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
  const own = keys.filter(key => key.includes(uuid)).map(key => key.split('/')[0] ?? '');
  return [...new Set(own)].sort();
}
