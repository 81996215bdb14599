import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { buffered, createApi } from '../../src/handler/api.ts';
import { environmentOf, prepareWiki, upload } from '../integration/round-trips-support.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { commitPage } from '../support/stored-wiki.ts';

const event = {
  version: '2.0',
  rawPath: '/api/v1/pages/home',
  rawQueryString: '',
  headers: { authorization: 'Bearer test-key' },
  requestContext: {
    domainName: 'x.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: { method: 'GET' },
  },
} as unknown as APIGatewayProxyEventV2;

/** The API function over a bucket with one page; `env` is read by the first call. */
async function apiFunction(more: Record<string, string> = {}) {
  const server = await s3ServerForTest();
  const wiki = await prepareWiki();
  await commitPage(wiki.repository, 'home.md', 'home\n');
  await upload(wiki, server);
  const env = { ...environmentOf(server, wiki.repository.uuid, '/nonexistent'), ...more };
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const handler = buffered(createApi({ env, runtime: systemRuntime, write }));
  const ask = (id?: string) =>
    handler(event, {
      getRemainingTimeInMillis: () => 10_000,
      ...(id === undefined ? {} : { awsRequestId: id }),
    });
  return { ask, lines, env, server };
}

const told = (lines: readonly Record<string, unknown>[]) =>
  lines.map(({ event, request }) => [event, request]);

test('each line of a request has the id that Lambda gave it, and so has the answer to a failure', async () => {
  const { ask, lines, server } = await apiFunction({ KITTIWAKE_PROT: '1' });
  expect((await ask('first')).statusCode).toBe(200);
  server.switches.permissions = () => false;
  const { statusCode, body } = await ask('second');
  expect([statusCode, JSON.parse(body ?? '').request_id]).toEqual([500, 'second']);
  expect(told(lines)).toEqual([
    ['config', 'first'],
    ['request', 'first'],
    ['request_failed', 'second'],
    ['request', 'second'],
  ]);
});

test('without an id from Lambda each request has one of its own', async () => {
  const { ask, lines } = await apiFunction();
  await ask();
  await ask();
  const ids = lines.map(({ request }) => String(request));
  expect(ids.every(id => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(2);
});

test('a start that fails is told with the id of its request', async () => {
  const { ask, lines, env } = await apiFunction();
  env.KITTIWAKE_PORT = 'x';
  const { body } = await ask('first');
  expect(JSON.parse(body ?? '').request_id).toBe('first');
  expect(told(lines)).toEqual([['start_failed', 'first']]);
});

test('the first request tells how long init took', async () => {
  // The clock that init is told by: the other one has another beginning.
  const beforeMs = process.uptime() * 1000;
  const { ask, lines } = await apiFunction({ KITTIWAKE_METRICS: 'emf' });
  const afterMs = process.uptime() * 1000;
  await ask('first');
  await ask('second');
  expect(lines).toMatchObject([
    { Function: 'api', ColdStart: 1, InitMs: expect.any(Number) },
    { Function: 'api', Requests: 1 },
  ]);
  expect(lines[0]?.InitMs).toBeGreaterThanOrEqual(beforeMs);
  expect(lines[0]?.InitMs).toBeLessThanOrEqual(afterMs);
  expect(lines[1]).not.toHaveProperty('InitMs');
});
