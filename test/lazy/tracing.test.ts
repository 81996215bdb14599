import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { functionHost } from '../../src/lazy/function-host.ts';
import { ask, environmentOf, prepareWiki, upload } from '../integration/round-trips-support.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { runFresh } from './fresh-process.ts';
import { observedWiki } from './observed-service.ts';

const TRACING = { KITTIWAKE_TRACING: 'true' };
const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const headerOf = (parent: string, sampled = 1) =>
  `Root=${ROOT};Parent=${parent};Sampled=${sampled};Lineage=1:a87bd80c:0`;

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
type Document = any;

interface Daemon {
  address: string;
  /** Everything that was sent until now and not taken before. */
  taken(): Promise<{ heads: string[]; documents: Document[] }>;
}

/** What stands for X-Ray's daemon. */
async function startDaemon(): Promise<Daemon> {
  const socket = createSocket('udp4');
  onTestFinished(() => new Promise<void>(resolve => socket.close(() => resolve())));
  let messages: string[] = [];
  socket.on('message', message => void messages.push(String(message)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    address: `127.0.0.1:${port}`,
    async taken() {
      socket.send('last', port, '127.0.0.1');
      await expect.poll(() => messages.at(-1)).toBe('last');
      const parts = messages.slice(0, -1).map(message => message.split('\n'));
      messages = [];
      expect(parts.every(({ length }) => length === 2)).toBe(true);
      return {
        heads: parts.map(([head = '']) => head),
        documents: parts.map(([, text = '']) => JSON.parse(text)),
      };
    },
  };
}

/** A function whose environment the test may change, as the runtime does for each invocation. */
async function tracedFunction(settings: Record<string, string> = TRACING) {
  const xray = await startDaemon();
  const { server, start } = await observedWiki();
  const env: Record<string, string | undefined> = { AWS_XRAY_DAEMON_ADDRESS: xray.address };
  return { xray, server, env, ...start(settings, functionHost('api', env)) };
}

test('each initialisation and each call of the store is a subsegment of the invocation', async () => {
  const { xray, server, env, service } = await tracedFunction();
  env._X_AMZN_TRACE_ID = headerOf('53995c3f42cd8ad8');
  const beforeMs = Date.now();
  await ask(service, 'GET', '/pages/home');
  const initialised = ['app', 'auth', 'wiki_id', 'store', 'repository', 'policy', 'wiki'].map(
    name => `init ${name}`,
  );
  const { documents, heads } = await xray.taken();
  expect(new Set(heads)).toEqual(new Set(['{"format": "json", "version": 1}']));
  expect(documents.map(({ name }) => name).sort()).toEqual(
    [...initialised, ...server.requests.all.map(() => 'S3')].sort(),
  );
  for (const { type, id, trace_id, parent_id, start_time, end_time } of documents) {
    expect([type, trace_id, parent_id]).toEqual(['subsegment', ROOT, '53995c3f42cd8ad8']);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(start_time * 1000).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(end_time).toBeGreaterThanOrEqual(start_time);
    expect(end_time * 1000).toBeLessThanOrEqual(Date.now() + 1);
  }
  expect(new Set(documents.map(({ id }) => id)).size).toBe(documents.length);
  expect(documents.find(({ name }) => name === 'S3')).toMatchObject({
    namespace: 'aws',
    aws: { operation: 'get', retries: 0 },
    http: { response: { status: 200, content_length: expect.any(Number) } },
    annotations: { object: 'ledger', connected: true },
  });
});

test('calls that fail are marked, and keys are not told', async () => {
  const { xray, server, env, service } = await tracedFunction();
  env._X_AMZN_TRACE_ID = headerOf('53995c3f42cd8ad8');
  await ask(service, 'GET', '/pages/home');
  await xray.taken();
  server.requests.clear();
  server.switches.faults = () => ({ kind: 'answer', status: 503 });
  await ask(service, 'GET', '/pages/home');
  const { documents } = await xray.taken();
  expect(documents.length).toBe(server.requests.all.length);
  expect(
    documents.map(({ http, fault, throttle, aws }) => [http.response.status, fault, throttle, aws.retries]),
  ).toEqual([
    [503, true, true, 0],
    [503, true, true, 1],
    [503, true, true, 2],
  ]);
  const uuid = server.requests.all[0]?.key.split('/')[1] ?? '';
  expect(uuid).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(documents)).not.toContain(uuid);
});

test('what was begun during init belongs to the first invocation, and what comes later to its own', async () => {
  const { xray, env, service } = await tracedFunction();
  service.prefetch();
  await service.wiki();
  env._X_AMZN_TRACE_ID = headerOf('aaaaaaaaaaaaaaaa');
  await ask(service, 'GET', '/pages/home');
  const first = (await xray.taken()).documents;
  expect(first.map(({ name }) => name)).toEqual(expect.arrayContaining(['init wiki', 'S3']));
  env._X_AMZN_TRACE_ID = headerOf('bbbbbbbbbbbbbbbb');
  await ask(service, 'GET', '/pages/home');
  const second = (await xray.taken()).documents;
  expect(second.length).toBeGreaterThan(0);
  const parentsOf = (documents: Document[]) => [...new Set(documents.map(({ parent_id }) => parent_id))];
  expect([parentsOf(first), parentsOf(second)]).toEqual([['aaaaaaaaaaaaaaaa'], ['bbbbbbbbbbbbbbbb']]);
});

test('nothing is sent for an invocation that is not sampled, nor kept for the next', async () => {
  const { xray, env, service } = await tracedFunction();
  env._X_AMZN_TRACE_ID = headerOf('aaaaaaaaaaaaaaaa', 0);
  await ask(service, 'GET', '/pages/home');
  env._X_AMZN_TRACE_ID = headerOf('bbbbbbbbbbbbbbbb');
  await ask(service, 'GET', '/pages/home');
  const { documents } = await xray.taken();
  expect(documents.map(({ name, parent_id }) => [name, parent_id])).toEqual([['S3', 'bbbbbbbbbbbbbbbb']]);
});

test('nothing is sent without the setting', async () => {
  const { xray, env, service } = await tracedFunction({});
  env._X_AMZN_TRACE_ID = headerOf('aaaaaaaaaaaaaaaa');
  await ask(service, 'GET', '/pages/home');
  expect((await xray.taken()).documents).toEqual([]);
});

test.each(['nowhere', '127.0.0.1:99999', 'xray.invalid:2000', '127.0.0.1:1', '[::1]:1', undefined])(
  'a daemon that cannot be reached (%s) disturbs no answer',
  async address => {
    const { start } = await observedWiki();
    const env = { AWS_XRAY_DAEMON_ADDRESS: address, _X_AMZN_TRACE_ID: headerOf('aaaaaaaaaaaaaaaa') };
    const { service } = start(TRACING, functionHost('api', env));
    expect((await ask(service, 'GET', '/pages/home')).status).toBe(200);
    expect((await ask(service, 'GET', '/pages/home')).status).toBe(200);
  },
);

test('an invocation that is no request is traced, too', async () => {
  const { xray, env, service } = await tracedFunction();
  env._X_AMZN_TRACE_ID = headerOf('aaaaaaaaaaaaaaaa');
  await service.observe('run', async () => void (await service.wikiId()));
  expect((await xray.taken()).documents.map(({ name }) => name)).toEqual(['init wiki_id']);
});

test('what sends traces is loaded when there are some to send, and not before', async () => {
  const server = await s3ServerForTest();
  const wiki = await prepareWiki();
  await commitPage(wiki.repository, 'home.md', 'home\n');
  await upload(wiki, server);
  const usual = environmentOf(server, wiki.repository.uuid, '/nonexistent');
  const loads = async (more: Record<string, string>) => {
    const { report } = await runFresh('tracing.child.ts', JSON.stringify({ ...usual, ...more }));
    expect(report.statusCode).toBe(200);
    return [report.before, report.after];
  };
  const { address: AWS_XRAY_DAEMON_ADDRESS } = await startDaemon();
  const invocation = { AWS_XRAY_DAEMON_ADDRESS, _X_AMZN_TRACE_ID: headerOf('aaaaaaaaaaaaaaaa') };
  const unsampled = { ...invocation, _X_AMZN_TRACE_ID: headerOf('aaaaaaaaaaaaaaaa', 0) };
  expect(await loads(invocation)).toEqual([[], []]);
  expect(await loads({ ...unsampled, ...TRACING })).toEqual([[], []]);
  expect(await loads({ ...invocation, ...TRACING })).toEqual([[], ['tracing', 'NativeModule dgram']]);
});
