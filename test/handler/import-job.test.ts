import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../integration/round-trips-support.ts';
import { metricsOf } from '../lazy/observed-service.ts';
import { type ImportBed, importBed, sendSource, source, tableOf, wakesIn } from './import-job-support.ts';
import { CONTEXT } from './queue-support.ts';

const MINUTE_MS = 60_000;

describe('an import that is complete', () => {
  test('wakes the import function, which carries it out and says so in one line without what rows hold', async () => {
    const bed = await importBed();
    const id = await bed.start(tableOf(3));
    const wakes = await bed.wakes();
    expect(wakes).toEqual([expect.stringMatching(new RegExp(`^wakes/${bed.uuid}/${id}/[0-9a-f]{32}$`))]);
    expect(await bed.deliver(wakes)).toEqual([]);
    expect(await bed.job(id)).toMatchObject({ state: 'done', progress: { written: 3 } });
    expect((await ask(bed.api, 'GET', '/pages/Birds/P2')).body.content).toContain('canary-text 2');
    expect(await bed.wakes()).toEqual([]);
    const ended = { event: 'import', import: id, run: 'ended', state: 'done', rows: 3, written: 3 };
    expect(bed.lines).toMatchObject([{ ...ended, Function: 'import' }]);
    expect(bed.lines.map(metricsOf)).toMatchObject([
      { ImportRows: 3, ImportPeakMemory: expect.any(Number), ImportScratchBytes: expect.any(Number) },
    ]);
    expect(JSON.stringify(bed.lines)).not.toMatch(/canary/);
  });

  test('told of twice, and once more when it has ended, is carried out once', async () => {
    const bed = await importBed();
    const id = await bed.start(tableOf(2));
    const wakes = await bed.wakes();
    expect(await bed.deliver([...wakes, ...wakes])).toEqual([]);
    expect(bed.lines.map(({ run }) => run)).toEqual(['ended', 'ended']);
    const { ordinal } = await (await bed.api.repository()).view({ maxAgeMs: 0 });
    expect(ordinal).toBe(0);
    expect((await ask(bed.api, 'DELETE', `/imports/${id}`)).status).toBe(200);
    expect(await bed.deliver(wakes)).toEqual([]);
    expect(await bed.wakes()).toEqual([]);
  });

  test('that its rows are refused for is no failure of the function', async () => {
    const bed = await importBed();
    const id = await bed.start('path,content\n../x,canary-text\n', { on_error: 'fail' });
    expect(await bed.deliver(await bed.wakes())).toEqual([]);
    expect(await bed.job(id)).toMatchObject({ state: 'failed', failure: { code: 'row_failed' } });
    expect(bed.lines.map(metricsOf)).toMatchObject([{ ImportsRefused: 1 }]);
    expect(metricsOf(bed.lines[0] ?? {})).not.toHaveProperty('ServerErrors');
    expect(JSON.stringify(bed.lines)).not.toMatch(/canary/);
  });
});

describe('an import that takes longer than a run', () => {
  test('is handed over by another wake until it has ended, with one commit', async () => {
    const bed = await importBed();
    const id = await bed.start(tableOf(4_000));
    const context = { ...CONTEXT, getRemainingTimeInMillis: () => MINUTE_MS };
    // So long takes each batch.
    const runtime = { ...bed.runtime, now: () => bed.runtime.now() + batchesOf(bed) * 50_000 };
    const rows: number[] = [];
    for (let wakes = await bed.wakes(); wakes.length > 0; wakes = await bed.wakes()) {
      expect([wakes.length, await bed.deliver(wakes, { context, runtime })]).toEqual([1, []]);
      rows.push(Number(((await bed.job(id)).progress as { rows: number }).rows));
    }
    expect(bed.lines.map(({ run }) => run)).toEqual([...Array(rows.length - 1).fill('more'), 'ended']);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    expect(await bed.job(id)).toMatchObject({ state: 'done', progress: { written: 4_000 } });
    const { ordinal } = await (await bed.api.repository()).view({ maxAgeMs: 0 });
    expect(ordinal).toBe(0);
  });

  test('goes on by the schedule when the run before died without a word', async () => {
    const bed = await importBed();
    const id = await bed.start(tableOf(2_000));
    const wakes = await bed.wakes();
    // From then on nothing that it asks for is answered.
    bed.server.switches.permissions = () => batchesOf(bed) === 0;
    expect(await bed.deliver(wakes)).toEqual(['m1']);
    bed.server.switches.permissions = () => true;
    expect(metricsOf(bed.lines.find(({ event }) => event === 'import') ?? {})).toMatchObject({
      ImportsFailed: 1,
    });
    expect((await bed.job(id)).state).toBe('running');
    await bed.runSchedule();
    expect(await bed.wakes()).toEqual(wakes);
    bed.pass(5 * MINUTE_MS);
    await bed.runSchedule();
    const fresh = await bed.wakes();
    expect([fresh.length, fresh[0] === wakes[0]]).toEqual([1, false]);
    const runs = bed.lines.filter(({ event }) => event === 'projections');
    expect(runs.map(metricsOf)).toMatchObject([{}, { ImportsQueued: 0, ImportsRunning: 1 }]);
    expect(Number(metricsOf(runs[1] ?? {})?.ImportAgeSeconds)).toBeGreaterThanOrEqual(300);
    expect(await bed.deliver(fresh)).toEqual([]);
    expect(await bed.job(id)).toMatchObject({ state: 'done', progress: { written: 2_000 } });
    await bed.runSchedule();
    expect(metricsOf(bed.lines.at(-1) ?? {})).not.toHaveProperty('ImportsRunning');
  });

  test('leaves no temporary files behind, nor those of a process that died', async () => {
    const bed = await importBed();
    mkdirSync(join(bed.folder, 'imports'), { recursive: true });
    writeFileSync(join(bed.folder, 'imports', 'left'), 'x');
    await bed.start(tableOf(2_000));
    await bed.deliver(await bed.wakes());
    expect(bed.lines).toMatchObject([{ run: 'ended' }]);
    expect(readdirSync(join(bed.folder, 'imports'))).toEqual([]);
  });
});

test('a wake that was lost is written again by the schedule, and many ask for it once', async () => {
  const bed = await importBed();
  const id = await bed.start(tableOf(1));
  await (await bed.api.store()).delete(await bed.wakes());
  await bed.runSchedule();
  await bed.runSchedule();
  const wakes = await bed.wakes();
  expect(wakes).toHaveLength(1);
  await bed.deliver(wakes);
  expect(await bed.job(id)).toMatchObject({ state: 'done' });
});

test.each([
  'wakes/x',
  'wakes/',
  `wakes/${'0'.repeat(32)}/../x`,
  `wakes/${'0'.repeat(32)}/${'1'.repeat(32)}/x/y`,
])('what is no wake is passed over: %s', async key => {
  const bed = await importBed();
  expect(await bed.deliver([key])).toEqual([]);
  expect(bed.lines).toEqual([]);
});

test('a wake for a wiki that is not here is passed over', async () => {
  const bed = await importBed();
  expect(await bed.deliver([`wakes/${'0'.repeat(32)}/${'1'.repeat(32)}/x`])).toEqual([]);
  expect(bed.lines).toMatchObject([{ event: 'import_ignored', uuid: '0'.repeat(32) }]);
});

test('of many wikis, the one that the wake names is imported into; not while it is suspended', async () => {
  const bed = await importBed({ KITTIWAKE_TENANTS: 'path:/w' }, false);
  const admin = (await bed.api.tenants())('test');
  await admin.create({ name: 'anna' });
  await admin.create({ name: 'bert' });
  const started = await inWiki(bed, 'bert', 'POST', '/imports', source(tableOf(2)));
  await sendSource(bed.api, `/imports/${started.id}/source`, tableOf(2), '/w/bert');
  const wakes = await wakesIn(bed.api);
  await admin.change('bert', { state: 'suspended' });
  await bed.deliver(wakes);
  await admin.change('bert', { state: 'active' });
  expect((await inWiki(bed, 'bert', 'GET', `/imports/${started.id}`)).state).toBe('queued');
  await bed.runSchedule();
  await bed.deliver(await wakesIn(bed.api));
  expect((await inWiki(bed, 'bert', 'GET', `/imports/${started.id}`)).state).toBe('done');
  expect((await inWiki(bed, 'bert', 'GET', '/pages')).total).toBe(2);
  expect((await inWiki(bed, 'anna', 'GET', '/pages')).total).toBe(0);
  const told = bed.lines.filter(({ event }) => event === 'import' || event === 'import_ignored');
  expect(told).toMatchObject([{ event: 'import_ignored' }, { wiki: 'bert', run: 'ended' }]);
});

/** Of what an import function has stored. */
function batchesOf({ server }: ImportBed): number {
  return server.requests.of('PutObject').filter(({ key }) => key.includes('/run-')).length;
}

async function inWiki({ api }: ImportBed, name: string, method: string, path: string, body?: object) {
  const answer = await api.app.handle({
    method,
    path: `/w/${name}/api/v1${path}`,
    query: '',
    headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  });
  return JSON.parse(String(answer.body));
}
