import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { s3Event, s3TestEvent, scheduleEvent, sqsEvent } from '../support/lambda/events.ts';
import type { Queue } from '../support/lambda/queue.ts';
import { realWiki } from '../support/real-wiki.ts';
import { smallBundle } from './support/bundles.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import { examine } from './support/examine.ts';
import type { OpenPlace } from './support/s3-place.ts';

/** Failed messages come back at once, in place of after half an hour. */
const queues = { retryDelayMs: 0 };
const pagesOf = (count: number) => Array.from({ length: count }, (_, n) => `Page-${n}`);

/** Events of S3 and of the schedule, as AWS delivers them. */
export function eventContract(open: OpenPlace): void {
  describe('events of the ledger', () => {
    test('publish an index, from which an environment that has just started answers a search', async ctx => {
      const deployment = await deploy(ctx, open, { queues });
      const { api, functions, notify, uuid } = deployment;
      await writeAll(deployment, pagesOf(3));
      expect(notify(`ledger/${uuid}`)).toBe(1);
      const queue = await settled(deployment, 'project');
      expect([await isPublished(deployment), queue.deadLetters]).toEqual([true, []]);
      await functions.api.pool.recycle();
      const before = functions.api.network.requests.length;
      expect((await api.call('GET', '/search?q=gull')).body.total).toBe(3);
      const asked = functions.api.network.requests.slice(before).map(({ key }) => key.split('/')[0]);
      expect([...new Set(asked)].sort()).toEqual(['ledger', 'search']);
    });

    test('may come twice, in another order, and beside the test event', async ctx => {
      const deployment = await deploy(ctx, open, {
        queues: { ...queues, first: 'newest', isEnabled: false },
      });
      const { api, bucket, notify, uuid } = deployment;
      const queue = queueOf(deployment, 'project');
      queue.send(JSON.stringify(s3TestEvent(bucket)));
      for (const page of pagesOf(3)) {
        await writeAll(deployment, [page]);
        notify(`ledger/${uuid}`, { sizeBytes: 1 });
        notify(`ledger/${uuid}`, { sizeBytes: 1 });
      }
      queue.enable();
      await queue.settled();
      expect([await isPublished(deployment), queue.deadLetters]).toEqual([true, []]);
      expect((await api.call('GET', '/search?q=gull')).body.total).toBe(3);
    });

    test('of which one is poisoned: it ends in the dead letters, and keeps no other from being served', async ctx => {
      const deployment = await deploy(ctx, open, { queues: { ...queues, isEnabled: false } });
      const { notify, uuid } = deployment;
      const queue = queueOf(deployment, 'project');
      await writeAll(deployment, pagesOf(1));
      const poisoned = queue.send('{"Records":[{}]}');
      notify(`ledger/${uuid}`);
      queue.enable();
      await queue.settled();
      const dead = queue.deadLetters.map(({ messageId, receiveCount }) => [messageId, receiveCount]);
      expect([dead, await isPublished(deployment)]).toEqual([[[poisoned, 5]], true]);
    });

    test('get two runners at once, and the schedule beside them', async ctx => {
      const deployment = await deploy(ctx, open);
      const { functions, uuid, bucket } = deployment;
      await writeAll(deployment, pagesOf(6));
      const { pool } = functions.project;
      const notice = { messageId: 'm', body: JSON.stringify(s3Event([{ bucket, key: `ledger/${uuid}` }])) };
      const events = [sqsEvent([notice]), scheduleEvent(), sqsEvent([notice])];
      const results = await Promise.all(events.map(event => pool.invoke(event)));
      expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
      const answers = results.map(({ payload }) => JSON.parse(payload.toString()));
      expect(answers).toEqual([{ batchItemFailures: [] }, null, { batchItemFailures: [] }]);
      expect(await isPublished(deployment)).toBe(true);
      await examine(deployment);
    });
  });

  test('the schedule heals an event that was lost', async ctx => {
    const deployment = await deploy(ctx, open);
    await writeAll(deployment, pagesOf(2));
    expect(await isPublished(deployment)).toBe(false);
    const { error, log } = await deployment.runSchedule();
    expect(error).toBeUndefined();
    expect(log.join('\n')).toContain('"cause":"schedule"');
    expect(await isPublished(deployment)).toBe(true);
  });

  describe('an import', () => {
    const KEY = 'imports/old+wiki,(1).bundle';

    test('brings in the bundle that an event tells of, once', async ctx => {
      const deployment = await deploy(ctx, open, { queues });
      const { api, notify, place } = deployment;
      const made = await place.send('PUT', KEY, { body: smallBundle() });
      const told = { etag: String(made.headers.etag), versionId: 'v1' };
      expect(notify(KEY, told)).toBe(1);
      const queue = await settled(deployment, 'import');
      const result = await place.send('GET', `${KEY}.result.json`);
      expect([queue.deadLetters, JSON.parse(result.text)]).toMatchObject([
        [],
        { state: 'done', source: { key: KEY, upload: 'v1' }, report: { commits: 2, pages: 1 } },
      ]);
      expect(notify(`${KEY}.result.json`)).toBe(0);
      expect(await api.text('Home')).toBe('gull 1\n');
      notify(KEY, told);
      await settled(deployment, 'import');
      expect((await place.send('GET', `${KEY}.result.json`)).text).toBe(result.text);
      await examine(deployment);
    });

    test('of what is no bundle is refused, beside it, and not tried again', async ctx => {
      const deployment = await deploy(ctx, open, { queues });
      const { bucket, notify, place } = deployment;
      const queue = queueOf(deployment, 'import');
      queue.send(JSON.stringify(s3TestEvent(bucket)));
      const made = await place.send('PUT', KEY, { body: 'PK' });
      notify(KEY, { etag: String(made.headers.etag) });
      await queue.settled();
      const { text } = await place.send('GET', `${KEY}.result.json`);
      expect([queue.deadLetters, JSON.parse(text)]).toMatchObject([
        [],
        { state: 'failed', error: { code: 'source_unsupported' } },
      ]);
    });

    test('that nobody can understand, or put a result beside, ends in the dead letters', async ctx => {
      const deployment = await deploy(ctx, open, { queues });
      const queue = queueOf(deployment, 'import');
      queue.send('not JSON');
      expect(deployment.notify('imports/a name with spaces.bundle')).toBe(1);
      await queue.settled();
      expect(queue.deadLetters.map(({ receiveCount }) => receiveCount)).toEqual([3, 3]);
    });
  });
}

/** A wiki that people have written, where it is there. */
export function realWikiContract(open: OpenPlace): void {
  test('a real wiki comes in with its history, and is found', async ctx => {
    const bundle = realWiki(ctx);
    const deployment = await deploy(ctx, open, { queues });
    const { api, notify, place, uuid } = deployment;
    const key = 'imports/real.bundle';
    const made = await place.send('PUT', key, { body: readFileSync(bundle) });
    notify(key, { etag: String(made.headers.etag) });
    const queue = await settled(deployment, 'import');
    const { state, report } = JSON.parse((await place.send('GET', `${key}.result.json`)).text);
    expect([queue.deadLetters, state]).toEqual([[], 'done']);
    notify(`ledger/${uuid}`);
    await settled(deployment, 'project');
    expect(await isPublished(deployment)).toBe(true);
    const { total } = (await api.call('GET', '/pages')).body;
    expect([total, report.commits > total]).toEqual([report.pages, true]);
    expect((await api.call('GET', '/search?q=wiki')).body.total).toBeGreaterThan(0);
    await examine(deployment);
  });
}

async function writeAll({ api }: Deployment, pages: readonly string[]): Promise<void> {
  for (const page of pages) await api.write(page, `# ${page}\n\na gull\n`);
}

function queueOf({ functions, queues: all }: Deployment, name: 'project' | 'import'): Queue {
  const found = all.find(({ functionId }) => functionId === functions[name].logicalId);
  if (found === undefined) throw new Error(`no queue feeds the function "${name}"`);
  return found.queue;
}

async function settled(deployment: Deployment, name: 'project' | 'import'): Promise<Queue> {
  const queue = queueOf(deployment, name);
  await queue.settled();
  return queue;
}

async function isPublished({ place, uuid }: Deployment): Promise<boolean> {
  const { status, text } = await place.send('GET', `search/${uuid}/current`);
  return status === 200 && JSON.parse(text).body.current !== null;
}
