import { createHash } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { s3Event, s3TestEvent, scheduleEvent } from '../support/lambda/events.ts';
import { functionOf, poolForTest } from '../support/lambda/for-test.ts';
import { Queue, type QueueOptions } from '../support/lambda/queue.ts';

/** A function that fails the messages whose body begins with `bad`, and tells which. */
const PARTIAL = `export const handler = async ({ Records }) => {
  const failed = Records.filter(({ body }) => body.startsWith('bad'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

/** A queue in front of a function with this source; `events` are those that were handed over. */
function queueOf(source: string, options: Omit<Partial<QueueOptions>, 'invoke'> = {}) {
  const pool = poolForTest(functionOf(source));
  const events: SQSEvent[] = [];
  const queue = new Queue({
    visibilityTimeoutMs: 60_000,
    retryDelayMs: 0,
    ...options,
    invoke(event) {
      events.push(event);
      return pool.invoke(event);
    },
  });
  onTestFinished(() => queue.stop());
  const bodies = () => events.map(({ Records }) => Records.map(({ body }) => body));
  return { queue, pool, events, bodies };
}

describe('a queue', () => {
  test('hands messages over in batches, each once when all goes well', async () => {
    const { queue, bodies, events } = queueOf(PARTIAL, { batchSize: 2 });
    const ids = ['a', 'b', 'c'].map(body => queue.send(body));
    await queue.settled();
    expect(bodies()).toEqual([['a', 'b'], ['c']]);
    const record = events[0]?.Records[0];
    expect(record).toMatchObject({
      messageId: ids[0],
      eventSource: 'aws:sqs',
      md5OfBody: createHash('md5').update('a').digest('hex'),
      attributes: { ApproximateReceiveCount: '1' },
    });
    expect([queue.size, queue.deadLetters]).toEqual([0, []]);
  });

  test('brings only the failed ones of a batch back, until they are dead letters', async () => {
    const { queue, events } = queueOf(PARTIAL, { reportsItemFailures: true, maxReceiveCount: 3 });
    for (const body of ['a', 'bad', 'b']) queue.send(body);
    await queue.settled();
    const told = events.map(({ Records }) =>
      Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`),
    );
    expect(told).toEqual([['a 1', 'bad 1', 'b 1'], ['bad 2'], ['bad 3']]);
    expect(queue.deadLetters).toMatchObject([{ body: 'bad', receiveCount: 3 }]);
  });

  test('hides a failed message for the rest of its visibility timeout', async () => {
    const pool = poolForTest(functionOf("export const handler = async () => { throw new Error('no'); };"));
    const receivedAtMs: number[] = [];
    const queue = new Queue({
      visibilityTimeoutMs: 1000,
      maxReceiveCount: 2,
      invoke(event) {
        receivedAtMs.push(performance.now());
        return pool.invoke(event);
      },
    });
    onTestFinished(() => queue.stop());
    queue.send('a');
    await queue.settled();
    expect(receivedAtMs).toHaveLength(2);
    expect((receivedAtMs[1] ?? 0) - (receivedAtMs[0] ?? 0)).toBeGreaterThan(990);
  });

  test('takes the answer for success unless it was told to look into it', async () => {
    const { queue, bodies } = queueOf(PARTIAL);
    queue.send('bad');
    await queue.settled();
    expect(bodies()).toEqual([['bad']]);
  });

  test('brings the whole batch back when the function fails, ends or answers nonsense', async () => {
    const answers = [
      "throw new Error('no');",
      'process.exit(1);',
      'return { batchItemFailures: [{ itemIdentifier: "other" }] };',
      'return { batchItemFailures: [{ itemIdentifier: "" }] };',
      'return { batchItemFailures: [{ id: Records[0].messageId }] };',
      'return { batchItemFailures: "all" };',
    ];
    for (const answer of answers) {
      const source = `export const handler = async ({ Records }) => { ${answer} };`;
      const { queue } = queueOf(source, { reportsItemFailures: true, maxReceiveCount: 1 });
      queue.send('a');
      queue.send('b');
      await queue.settled();
      expect(
        queue.deadLetters.map(({ body }) => body),
        answer,
      ).toEqual(['a', 'b']);
    }
  });

  test('takes no answer, and no failures, for success', async () => {
    for (const answer of ['', 'return null;', 'return {};', 'return { batchItemFailures: [] };']) {
      const source = `export const handler = async () => { ${answer} };`;
      const { queue } = queueOf(source, { reportsItemFailures: true, maxReceiveCount: 1 });
      queue.send('a');
      await queue.settled();
      expect(queue.deadLetters, answer).toEqual([]);
    }
  });

  test('delivers twice what is doubled, and the newest first where that is wanted', async () => {
    const { queue, bodies } = queueOf(PARTIAL, { first: 'newest', isEnabled: false });
    const id = queue.send('a', 2);
    queue.send('b');
    expect(queue.size).toBe(3);
    queue.enable();
    await queue.settled();
    expect(bodies()).toEqual([['b', 'a', 'a']]);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('hands over two batches at a time, each to an environment of its own', async () => {
    const { queue, pool } = queueOf(
      `import { existsSync, writeFileSync } from 'node:fs';
      export const handler = async ({ Records }) => {
        const [mine, other] = Records[0].body.split(' ');
        writeFileSync(mine, '');
        while (!existsSync(other)) await new Promise(resolve => setTimeout(resolve, 10));
      };`,
      { batchSize: 1, maxReceiveCount: 1 },
    );
    queue.send('first second');
    queue.send('second first');
    await queue.settled();
    expect([queue.deadLetters, pool.environments.length]).toEqual([[], 2]);
  });

  test('brings a message back while a function that is too slow still works on it', async () => {
    const { queue, bodies } = queueOf(
      `export const handler = async () => { await new Promise(resolve => setTimeout(resolve, 1000)); };`,
      { visibilityTimeoutMs: 100 },
    );
    queue.send('a');
    await vi.waitFor(() => expect(bodies()).toEqual([['a'], ['a']]));
  });

  test('refuses what the platform refuses', () => {
    const { queue } = queueOf(PARTIAL);
    expect(() => queue.send('a'.repeat(1_048_577))).toThrow('at most 1048576');
    expect(() => queueOf(PARTIAL, { maxConcurrency: 1 })).toThrow('at least 2');
  });
});

describe('events', () => {
  test('of a bucket have encoded keys', () => {
    const [record] = s3Event([{ bucket: 'wiki', key: 'imports/a b+ü(1).zip', versionId: 'v1' }]).Records;
    expect(record?.s3.bucket.name).toBe('wiki');
    expect(record?.s3.object).toMatchObject({ key: 'imports/a+b%2B%C3%BC%281%29.zip', versionId: 'v1' });
    const decoded = decodeURIComponent(String(record?.s3.object.key).replaceAll('+', ' '));
    expect(decoded).toBe('imports/a b+ü(1).zip');
  });

  test('that only try a notification out have no records', () => {
    expect(s3TestEvent('wiki')).toMatchObject({ Event: 's3:TestEvent', Bucket: 'wiki' });
    expect(s3TestEvent('wiki')).not.toHaveProperty('Records');
  });

  test('of a schedule tell when', () => {
    expect(scheduleEvent()).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
    expect(scheduleEvent().time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});
