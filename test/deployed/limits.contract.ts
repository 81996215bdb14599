import { describe, expect, test } from 'vitest';
import { noise } from '../support/large-files.ts';
import type { Fault, FaultPlan } from '../support/s3-server/faults.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import { upload } from './support/presigned.ts';
import type { OpenPlace } from './support/s3-place.ts';

const PAGE = '/pages/Counted';
const HEADERS = { 'idempotency-key': 'the-same-one' };
/** Nobody is to wait for that of the template. */
const timeoutMs = 2000;

type End = (deployment: Deployment) => void;

const ENDS: [name: string, end: End][] = [
  ['is out of time', ({ functions }) => functions.api.pool.environments[0]?.freeze()],
  ['is killed', ({ functions }) => void functions.api.pool.environments[0]?.kill()],
];

const FATES: [name: string, fault: Fault | undefined, replayed: string | null][] = [
  ['the write is there', undefined, 'true'],
  ['the write never came', { kind: 'close', when: 'before' }, null],
  ['the write comes much later', { kind: 'late', ms: 4000 }, null],
];

/** What the platform refuses. */
export function limitContract(open: OpenPlace): void {
  test('a body that is too large for an event reaches no function', async ctx => {
    const { api, functions } = await deploy(ctx, open);
    const content = noise(5 << 20).toString('base64');
    const { status, body } = await api.call('PUT', PAGE, { content });
    expect([status, body.code, functions.api.pool.environments]).toEqual([413, undefined, []]);
  });

  test('one request too many is refused, and the next one is served', async ctx => {
    const { api, functions } = await deploy(ctx, open, { apiConcurrency: 1 });
    await api.write('Page', 'x');
    const { network, pool } = functions.api;
    const held = Promise.withResolvers<void>();
    network.fail(() => {
      pool.environments[0]?.freeze();
      held.resolve();
      return undefined;
    });
    const first = api.call('PUT', '/pages/First', { content: 'x' });
    await held.promise;
    expect((await api.call('GET', '/pages/Page')).status).toBe(429);
    network.fail(undefined);
    pool.environments[0]?.thaw();
    expect((await first).status).toBe(201);
    expect((await api.call('GET', '/pages/Page')).status).toBe(200);
  });
}

/** What a client does not get an answer to: functions that are ended, and a store that is slow. */
export function lostAnswerContract(open: OpenPlace): void {
  test('another environment goes on where one has gone', async ctx => {
    const { api, functions } = await deploy(ctx, open);
    const revision = await api.write('Page', 'x');
    await functions.api.pool.recycle();
    const { status } = await api.call('PUT', '/pages/Page', { content: 'y', revision });
    expect([status, await api.text('Page')]).toEqual([200, 'y']);
  });

  describe.each(ENDS)('a function that %s between a write and its answer', (_, end) => {
    test.for(FATES)('%s: sent again, it is applied once', async ([, fault, replayed], ctx) => {
      const deployment = await deploy(ctx, open, { timeoutMs });
      const { api, functions } = deployment;
      const { network } = functions.api;
      network.fail(onFirstSwap(deployment, fault, () => end(deployment)));
      const lost = await api.call('PUT', PAGE, { content: 'one' }, HEADERS);
      // Of the platform itself: the function has not said anything.
      expect([lost.status, lost.body]).toEqual([502, { message: 'Internal Server Error' }]);
      network.fail(undefined);
      const again = await api.call('PUT', PAGE, { content: 'one' }, HEADERS);
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, replayed]);
      await network.settled();
      const { history } = (await api.call('GET', `${PAGE}/history`)).body;
      expect(history.map((commit: { revision: string }) => commit.revision)).toEqual([again.body.revision]);
    });
  });

  test('a large file of which no part arrives is given up, and taken when it is sent again', async ctx => {
    const { api, functions } = await deploy(ctx, open);
    const { network } = functions.api;
    await api.write('Files', 'x');
    const attach = await upload(api, '/pages/Files/attachments', 'large.bin', noise(20 << 20));
    network.fail(({ query }) => (query.has('partNumber') ? { kind: 'answer', status: 500 } : undefined));
    expect((await attach()).status).toBeGreaterThanOrEqual(500);
    network.fail(undefined);
    expect(network.requests.map(({ operation }) => operation)).toContain('AbortMultipartUpload');
    expect((await attach()).status).toBe(201);
  });

  test('a function that is about to be out of time says that the outcome is not known', async ctx => {
    const deployment = await deploy(ctx, open, { timeoutMs });
    const { api, functions } = deployment;
    const { network } = functions.api;
    await api.write('Other', 'x');
    network.fail(onFirstSwap(deployment, { kind: 'delay', ms: timeoutMs + 500 }));
    const unknown = await api.call('PUT', PAGE, { content: 'one' }, HEADERS);
    expect([unknown.status, unknown.body.code]).toEqual([503, 'outcome_unknown']);
    await network.settled();
    const again = await api.call('PUT', PAGE, { content: 'one' }, HEADERS);
    expect(again.status).toBe(201);
    const { history } = (await api.call('GET', `${PAGE}/history`)).body;
    expect(history).toHaveLength(1);
  });
}

/** What happens to the first put of the ledger from now on, and what happens at the same time. */
function onFirstSwap({ uuid, bucket }: Deployment, fault: Fault | undefined, also = () => {}): FaultPlan {
  let isFirst = true;
  return ({ method, path }) => {
    if (!isFirst || method !== 'PUT' || path !== `/${bucket}/ledger/${uuid}`) return undefined;
    isFirst = false;
    also();
    return fault;
  };
}
