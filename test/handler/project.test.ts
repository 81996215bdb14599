import { describe, expect, onTestFinished, test } from 'vitest';
import { createProjectHandler } from '../../src/handler/project.ts';
import { ask, freshService } from '../integration/round-trips-support.ts';
import { startReceiver } from '../projection/webhook/receiver.ts';
import { commitFiles } from '../support/repository.ts';
import {
  CONTEXT,
  type FunctionBed,
  functionBed,
  logLines,
  notice,
  queueEvent,
  SCHEDULE,
  TEST_NOTICE,
} from './queue-support.ts';

/** The function in an environment that has just started. */
function start(bed: FunctionBed, env: Record<string, string> = {}) {
  const { lines, write } = logLines();
  const all: Record<string, string> = { ...bed.environment(), KITTIWAKE_LOG_LEVEL: 'debug', ...env };
  const handler = createProjectHandler({ env: all, runtime: bed.runtime, write });
  const runs = () => lines.filter(({ event }) => event === 'projections');
  return { handler, lines, runs, env: all };
}

const failed = (...ids: string[]) => ({ batchItemFailures: ids.map(itemIdentifier => ({ itemIdentifier })) });
const MINUTE_MS = 60_000;

describe('the projection function, woken by the queue', () => {
  test('runs once for all notices of a batch, whatever their order and number', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, runs } = start(bed);
    const written = notice(`ledger/${bed.uuid}`);
    const late = notice(`ledger/${bed.uuid}`, { sequencer: '01' });
    expect(await handler(queueEvent(written, written, late), CONTEXT)).toEqual(failed());
    expect(runs()).toMatchObject([{ cause: 'queue', messages: 3, head_ordinal: 0 }]);
  });

  test('asks nothing of the store for the test notice and for what is none of its business', async () => {
    const bed = await functionBed();
    const { handler, runs } = start(bed);
    bed.server.requests.clear();
    const others = [
      notice('ledger/00000000000000000000000000000000'),
      notice(`ledger/${bed.uuid}`, { bucket: 'another' }),
      notice(`packs/${bed.uuid}/x.pack`),
      notice(`ledger/${bed.uuid}`, { eventName: 'ObjectRemoved:Delete' }),
    ];
    expect(await handler(queueEvent(TEST_NOTICE, ...others), CONTEXT)).toEqual(failed());
    expect([bed.server.requests.all.length, runs().length]).toEqual([0, 0]);
  });

  test('finds the ledger below the prefix of the store, encoded as it may be', async () => {
    const bed = await functionBed({ born: false });
    const prefix = { KITTIWAKE_STORE: 's3://wikis/our+wiki/a' };
    const { handler, runs, env } = start(bed, prefix);
    expect(await handler(queueEvent(notice(`ledger/${bed.uuid}`)), CONTEXT)).toEqual(failed());
    expect([runs().length, env.KITTIWAKE_STORE]).toEqual([0, 's3://wikis/our+wiki/a']);
    // There is no wiki: that it fails shows that it was asked for.
    const encoded = notice(`our%2Bwiki/a/ledger/${bed.uuid}`);
    expect(await handler(queueEvent(encoded), CONTEXT)).toEqual(failed('m1'));
  });

  test('what is no notice fails alone', async () => {
    const bed = await functionBed();
    const { handler, lines, runs } = start(bed);
    const poisoned = ['', '{', 'null', '{"Records":[{}]}', '{"Records":"x"}', notice('ledger/%E0%A4%A')];
    const bodies = [...poisoned, notice(`ledger/${bed.uuid}`)];
    const answer = await handler(queueEvent(...bodies), CONTEXT);
    expect(answer).toEqual(failed('m1', 'm2', 'm3', 'm4', 'm5', 'm6'));
    expect(runs()).toMatchObject([{ messages: 1 }]);
    expect(lines.filter(({ event }) => event === 'message_unknown')).toHaveLength(6);
  });

  test('a run that fails fails the messages that asked for it, and the next one tries again', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, lines, runs } = start(bed);
    bed.server.switches.permissions = () => false;
    const batch = queueEvent(TEST_NOTICE, notice(`ledger/${bed.uuid}`));
    expect(await handler(batch, CONTEXT)).toEqual(failed('m2'));
    const failures = lines.filter(({ event }) => event === 'projection_failed');
    expect(failures).toContainEqual(expect.objectContaining({ step: 'search', code: 'storage_denied' }));
    expect(runs()).toMatchObject([{ search: 'failed' }]);
    bed.server.switches.permissions = () => true;
    expect(await handler(batch, CONTEXT)).toEqual(failed());
    expect(runs()[1]).toMatchObject({ head_ordinal: 0 });
  });

  test('a start that fails is forgotten', async () => {
    const bed = await functionBed();
    const { handler, lines, env } = start(bed, { KITTIWAKE_LOG_LEVEL: 'x' });
    const batch = queueEvent(notice(`ledger/${bed.uuid}`));
    await expect(handler(batch, CONTEXT)).rejects.toMatchObject({ code: 'config_invalid' });
    expect(lines).toMatchObject([{ event: 'start_failed', code: 'config_invalid' }]);
    env.KITTIWAKE_LOG_LEVEL = 'info';
    expect(await handler(batch, CONTEXT)).toEqual(failed());
  });

  test('two at once are both right', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const batch = queueEvent(notice(`ledger/${bed.uuid}`));
    const both = [start(bed), start(bed)];
    const answers = await Promise.all(both.map(({ handler }) => handler(batch, CONTEXT)));
    expect(answers).toEqual([failed(), failed()]);
  });

  test('an event of another kind is refused', async () => {
    const { handler } = start(await functionBed());
    await expect(handler({ hello: 1 }, CONTEXT)).rejects.toMatchObject({ code: 'event_unknown' });
  });
});

describe('the projection function, woken by the schedule', () => {
  test.each([
    ['a rule', SCHEDULE],
    ['the scheduler', { ...SCHEDULE, source: 'aws.scheduler' }],
    ['an input of its own', { schedule: true }],
  ])('of %s brings the projections to the head', async (_, event) => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, runs } = start(bed);
    expect(await handler(event, CONTEXT)).toBeUndefined();
    expect(runs()).toMatchObject([{ cause: 'schedule', head_ordinal: 0, flushed: 0, merged: 0 }]);
  });

  test('flushes a large journal that nobody adds to, and no small one', async () => {
    const bed = await functionBed();
    const repository = await bed.open().repository();
    const { handler, runs } = start(bed);
    await commitFiles(repository, { 'small.md': 'gull' });
    bed.pass(6 * MINUTE_MS);
    await handler(SCHEDULE, CONTEXT);
    for (let n = 0; n < 6; n += 1) {
      const text = bed.runtime.randomBytes(20_000).toString('base64');
      await commitFiles(repository, { [`${n}.md`]: text });
    }
    await handler(SCHEDULE, CONTEXT);
    bed.pass(6 * MINUTE_MS);
    await handler(SCHEDULE, CONTEXT);
    expect(runs().map(({ flushed }) => flushed)).toEqual([0, 0, 7]);
    expect((await repository.ledger(0)).journal.count).toBe(0);
  });

  test('merges packs, and deletes what was merged after the grace of its readers', async () => {
    const bed = await functionBed();
    const repository = await bed.open().repository();
    for (const name of ['a', 'b', 'c', 'd']) {
      await commitFiles(repository, { [`${name}.md`]: name.repeat(2_000) });
      await repository.flusher.flush();
    }
    const { handler, runs } = start(bed);
    await handler(SCHEDULE, CONTEXT);
    bed.pass(14 * MINUTE_MS);
    await handler(SCHEDULE, CONTEXT);
    bed.pass(2 * MINUTE_MS);
    await handler(SCHEDULE, CONTEXT);
    expect(runs()).toMatchObject([
      { merged: 4, deleted: 0, waiting: 4 },
      { merged: 0, deleted: 0, waiting: 4 },
      { merged: 0, deleted: 4, waiting: 0 },
    ]);
    expect(bed.server.requests.of('DeleteObjects')).not.toHaveLength(0);
  });

  test('a queue that brings many packs has them merged without waiting for it', async () => {
    const bed = await functionBed();
    const repository = await bed.open().repository();
    const { handler, runs } = start(bed);
    const batch = queueEvent(notice(`ledger/${bed.uuid}`));
    for (let n = 0; n < 12; n += 1) {
      await commitFiles(repository, { 'a.md': String(n).repeat(2_000) });
      await repository.flusher.flush();
      if (n === 10) await handler(batch, CONTEXT);
    }
    await handler(batch, CONTEXT);
    expect(runs().map(({ merged }) => merged)).toEqual([undefined, 12]);
  });

  test('begins nothing that the time left is too short for', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, runs } = start(bed);
    await handler(SCHEDULE, { ...CONTEXT, getRemainingTimeInMillis: () => 12_000 });
    expect(runs()).toMatchObject([{ head_ordinal: 0, index: 'late', flush: 'late', collect: 'late' }]);
    await handler(SCHEDULE, { ...CONTEXT, getRemainingTimeInMillis: () => 25_000 });
    const some = { index: 'published', flushed: 0, merge: 'late', condemned: 0 };
    expect(runs()[1]).toMatchObject(some);
    await handler(SCHEDULE, { ...CONTEXT, getRemainingTimeInMillis: () => 1_000 });
    const late = { search: 'late', flush: 'late', merge: 'late', collect: 'late' };
    expect(runs()[2]).toMatchObject(late);
  });

  test('what fails keeps nothing else from being done, and is told at the end', async () => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, runs, lines } = start(bed);
    await handler(SCHEDULE, CONTEXT);
    await commitFiles(await bed.open().repository(), { 'b.md': 'tern' });
    bed.server.switches.permissions = ({ action }) => action !== 's3:ListBucket';
    await expect(handler(SCHEDULE, CONTEXT)).rejects.toMatchObject({ code: 'storage_denied' });
    const run = {
      head_ordinal: 1,
      flushed: 0,
      merged: 0,
      collect: 'failed',
      sweep_search: 'failed',
      drafts: 'failed',
      owners: 'failed',
    };
    expect(runs()[1]).toMatchObject(run);
    const failures = lines.filter(({ event }) => event === 'projection_failed').map(({ step }) => step);
    expect(failures).toEqual(expect.arrayContaining(['collect', 'sweep_search', 'drafts', 'owners']));
  });

  test.each(['true', 'false'])('tells how far the projections are behind, with a site: %s', async site => {
    const bed = await functionBed();
    await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
    const { handler, runs } = start(bed, { KITTIWAKE_METRICS: 'emf', KITTIWAKE_SITE: site });
    await handler(SCHEDULE, CONTEXT);
    expect(runs()).toMatchObject([
      {
        lag_commits: 0,
        lag_seconds: 0,
        set_aside: 0,
        ProjectionLag: 0,
        ProjectionLagSeconds: 0,
        SetAside: 0,
      },
    ]);
    await handler(queueEvent(notice(`ledger/${bed.uuid}`)), CONTEXT);
    expect(runs()[1]).not.toHaveProperty('ProjectionLag');
  });

  test('counts what was given up, once', async () => {
    const bed = await functionBed();
    const receiver = await startReceiver();
    // It wants no more of them.
    receiver.replies.push(410);
    const more = { KITTIWAKE_METRICS: 'emf', KITTIWAKE_WEBHOOK_ALLOW: '127.0.0.1', KITTIWAKE_SITE: 'false' };
    const { handler, runs } = start(bed, more);
    const { service } = freshService({ ...bed.environment(), ...more }, bed.runtime);
    onTestFinished(() => service.close());
    await handler(SCHEDULE, CONTEXT);
    expect((await ask(service, 'POST', '/webhooks', { url: receiver.url })).status).toBe(201);
    await commitFiles(await service.repository(), { 'a.md': 'gull' });
    for (let run = 0; run < 2; run += 1) await handler(SCHEDULE, CONTEXT);
    expect(runs().map(({ DeadMessages }) => DeadMessages)).toEqual([undefined, 1, undefined]);
  });
});
