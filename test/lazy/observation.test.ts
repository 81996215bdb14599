import { expect, test } from 'vitest';
import { functionHost } from '../../src/lazy/function-host.ts';
import { ask } from '../integration/round-trips-support.ts';
import { metricsOf, observedWiki } from './observed-service.ts';

const EMF = { KITTIWAKE_METRICS: 'emf' };
const put = (content: string) => ['PUT', '/pages/new', { content }] as const;

test('the first request tells of the start, and each tells of itself, in one line each', async () => {
  const { start } = await observedWiki();
  const host = functionHost('api', {});
  host.initMs = 12.345;
  const { service, lines } = start(EMF, host);
  await ask(service, 'GET', '/pages/home');
  await ask(service, 'GET', '/pages/home');
  expect(lines.map(({ event }) => event)).toEqual(['request', 'request']);
  const [first, second] = lines.map(metricsOf);
  expect(first).toMatchObject({ Requests: 1, ColdStart: 1, InitMs: 12.35, StorageConnects: 1 });
  const storage = ['StorageRequests', 'StorageSequence', 'StorageConnects', 'StorageBytes'];
  expect(Object.keys(second ?? {})).toEqual(['Requests', 'DurationMs', ...storage]);
  expect(second).toMatchObject({ Requests: 1, StorageRequests: 1, StorageSequence: 1 });
  for (const name of ['app', 'store', 'wiki_id', 'repository', 'wiki'])
    expect(lines[0], name).toHaveProperty([`LazyInit_${name}Ms`], expect.any(Number));
  expect(Object.keys(lines[1] ?? {}).filter(name => name.startsWith('LazyInit'))).toEqual([]);
});

test('what was initialised before the first request is told with it', async () => {
  const { server, start } = await observedWiki();
  const { service, lines } = start(EMF);
  service.prefetch();
  await service.wiki();
  await expect.poll(() => server.requests.all.length).toBeGreaterThan(0);
  await ask(service, 'GET', '/pages/home');
  expect(lines[0]).toHaveProperty('LazyInit_wikiMs');
});

test('without metrics the log is as it was, and health does not show', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start();
  await ask(service, 'GET', '/health');
  await ask(service, 'GET', '/pages/home');
  expect(lines).toHaveLength(1);
  expect(metricsOf(lines[0])).toBeUndefined();
  expect(lines[0]).not.toHaveProperty('Function');
});

test('metrics are written whatever the level of the log', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start({ ...EMF, KITTIWAKE_LOG_LEVEL: 'silent' });
  await ask(service, 'GET', '/health');
  expect(metricsOf(lines[0])).toMatchObject({ Requests: 1, ColdStart: 1 });
});

test('a write that another process overtook counts a conflict and a retry, in line and Server-Timing', async () => {
  const { start } = await observedWiki();
  const [one, other] = [start(EMF), start()];
  await ask(one.service, 'GET', '/pages/home');
  await ask(other.service, 'PUT', '/pages/other', { content: 'Other.\n' });
  const { status, headers } = await ask(one.service, ...put('New.\n'));
  expect(status).toBe(201);
  expect(metricsOf(one.lines[1])).toMatchObject({ Conflicts: 1, Retries: 1, GroupSize: 1 });
  expect(one.lines[1]).toMatchObject({ storage: { conflicts: 1, retries: 1 } });
  expect(headers['server-timing']).toContain('1 conflict, tried 1 time more"');
});

test('a write whose answer was lost counts an unknown outcome, and no failure when it is settled', async () => {
  const { server, start } = await observedWiki();
  const { service, lines } = start(EMF);
  await ask(service, 'GET', '/pages/home');
  let isLost = false;
  server.switches.faults = ({ method }) => {
    if (method !== 'PUT' || isLost) return undefined;
    isLost = true;
    return { kind: 'close', when: 'after' };
  };
  expect((await ask(service, ...put('New.\n'))).status).toBe(201);
  expect(metricsOf(lines[1])).toMatchObject({ UnknownOutcomes: 1 });
  expect(metricsOf(lines[1])).not.toHaveProperty('ServerErrors');
});

test('writes that go out together tell how many they were', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start(EMF);
  await ask(service, 'GET', '/pages/home');
  lines.length = 0;
  const names = ['a', 'b', 'c'];
  await Promise.all(names.map(name => ask(service, 'PUT', `/pages/${name}`, { content: `${name}\n` })));
  const groups = lines.map(line => Number(metricsOf(line)?.GroupSize));
  expect(Math.max(...groups)).toBeGreaterThan(1);
});

test('a search tells that it checked the schema', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start(EMF);
  await ask(service, 'GET', '/search?q=home');
  await ask(service, 'GET', '/search?q=home');
  expect(metricsOf(lines[0])).toMatchObject({ SchemaEnsureMisses: 1 });
  expect(metricsOf(lines[1])).not.toHaveProperty('SchemaEnsureMisses');
});

test('a failure is counted, and its lines and its answer have the id of the request', async () => {
  const { server, start } = await observedWiki();
  server.switches.permissions = () => false;
  const { service, lines } = start(EMF);
  const answer = await service.app.handle({
    id: 'the-id',
    method: 'GET',
    path: '/api/v1/pages/home',
    query: '',
    headers: { authorization: 'Bearer test-key' },
    body: Buffer.alloc(0),
  });
  expect(JSON.parse(String(answer.body)).request_id).toBe('the-id');
  expect(lines.map(({ event, request }) => [event, request])).toEqual([
    ['request_failed', 'the-id'],
    ['request', 'the-id'],
  ]);
  expect(metricsOf(lines[1])).toMatchObject({ ServerErrors: 1 });
});

test('an invocation that is no request counts its own calls, and tells with its own fields', async () => {
  const { start } = await observedWiki();
  const host = functionHost('project', {});
  host.requestId = 'run';
  const { service, lines } = start(EMF, host);
  await service.observe('projections', async tell => {
    await (await service.repository()).view({ maxAgeMs: 0 });
    tell({ flushed: 0 });
  });
  expect(lines).toHaveLength(1);
  expect(metricsOf(lines[0])).not.toHaveProperty('ServerErrors');
  expect(lines[0]).toMatchObject({ event: 'projections', request: 'run', flushed: 0, Function: 'project' });
  expect(metricsOf(lines[0])).toMatchObject({ Requests: 1, ColdStart: 1, StorageRequests: 1 });
});

test('an invocation that throws, or says so, is counted as a failure with what it told before', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start(EMF);
  const failing = service.observe('import', async tell => {
    tell({ bytes: 5 });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await service.observe('import', async tell => tell({ bytes: 6 }, { isFailure: true }));
  expect(lines).toMatchObject([
    { event: 'import', bytes: 5, ServerErrors: 1 },
    { event: 'import', bytes: 6, ServerErrors: 1 },
  ]);
});

test('no line of metrics has content, keys or paths', async () => {
  const { start } = await observedWiki();
  const { service, lines } = start(EMF);
  await ask(service, 'PUT', '/pages/secret-page', { content: 'secret content\n', message: 'secret message' });
  await ask(service, 'GET', '/search?q=secret');
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toMatch(/secret|test-key/);
});
