import { expect, onTestFinished, test } from 'vitest';
import { OPERATOR } from '../../src/auth/principal.ts';
import { createImportHandler } from '../../src/handler/import.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import { freshService } from '../integration/round-trips-support.ts';
import { metricsOf } from '../lazy/observed-service.ts';
import { commitFiles } from '../support/repository.ts';
import { CONTEXT, functionBed, logLines, notice, queueEvent, SCHEDULE } from './queue-support.ts';

const EMF = { KITTIWAKE_METRICS: 'emf' };
const called = (id: string) => ({ ...CONTEXT, awsRequestId: id });

test('a run of the projections has one line with its id and metrics', async () => {
  const bed = await functionBed();
  await commitFiles(await bed.open().repository(), { 'a.md': 'gull' });
  const { lines, write } = logLines();
  const handler = createProjectHandler({
    env: { ...bed.environment(), ...EMF },
    runtime: bed.runtime,
    write,
  });
  await handler(queueEvent(notice(`ledger/${bed.uuid}`)), called('first'));
  await handler(SCHEDULE, called('second'));
  expect(lines).toMatchObject([
    { event: 'projections', request: 'first', cause: 'queue', Function: 'project' },
    { event: 'projections', request: 'second', cause: 'schedule', Function: 'project' },
  ]);
  const [first, second] = lines.map(metricsOf);
  expect(first).toMatchObject({
    Requests: 1,
    ColdStart: 1,
    InitMs: expect.any(Number),
    SchemaEnsureMisses: expect.any(Number),
  });
  expect(Number(first?.StorageRequests)).toBeGreaterThan(0);
  expect(second).not.toHaveProperty('ColdStart');
  expect(second).not.toHaveProperty('ServerErrors');
});

test('a run that fails is counted as that, and each line of it has its id', async () => {
  const bed = await functionBed();
  const { lines, write } = logLines();
  const handler = createProjectHandler({
    env: { ...bed.environment(), ...EMF },
    runtime: bed.runtime,
    write,
  });
  bed.server.switches.permissions = () => false;
  await handler(queueEvent(notice(`ledger/${bed.uuid}`)), called('first'));
  const tellers = lines.filter(({ event }) => event === 'projections');
  expect(tellers.map(metricsOf)).toMatchObject([{ Requests: 1, ServerErrors: 1 }]);
  expect(lines.length).toBeGreaterThan(1);
  expect(new Set(lines.map(({ request }) => request))).toEqual(new Set(['first']));
});

test('an import has one line with metrics, also when it fails', async () => {
  const bed = await functionBed();
  const { lines, write } = logLines();
  const handler = createImportHandler({ env: { ...bed.environment(), ...EMF }, runtime: bed.runtime, write });
  bed.server.switches.permissions = () => false;
  await handler(queueEvent(notice('imports/old.bundle')), called('first'));
  const tellers = lines.filter(line => metricsOf(line) !== undefined);
  expect(tellers).toMatchObject([
    { event: 'import', request: 'first', Function: 'import', ColdStart: 1, ServerErrors: 1 },
  ]);
  expect(tellers[0]?.source).toMatch(/^[0-9a-f]{16}$/);
  expect(lines.map(({ event }) => event)).toEqual(['import', 'import_failed']);
});

test('remotes that fail again and again are told apart from what is behind', async () => {
  const bed = await functionBed();
  const env = { ...bed.environment(), ...EMF, KITTIWAKE_REMOTE_ALLOW: '127.0.0.1' };
  const { service } = freshService(env, bed.runtime);
  onTestFinished(() => service.close());
  await commitFiles(await service.repository(), { 'a.md': 'gull' });
  const remotes = await (await service.as(OPERATOR).projections()).remotes();
  // Nobody listens at that port.
  await remotes.create('mirror', { url: 'http://127.0.0.1:1/wiki.git', push: true, afterCommits: true });
  const { lines, write } = logLines();
  const handler = createProjectHandler({ env, runtime: bed.runtime, write });
  for (const id of ['first', 'second', 'third']) {
    await handler(SCHEDULE, called(id));
    bed.pass(10 * 60_000);
  }
  const [first, , third] = lines.filter(({ event }) => event === 'projections').map(metricsOf);
  expect(first).toMatchObject({ RemoteFailures: 1, SetAside: 1 });
  expect(first).not.toHaveProperty('RemotesFailing');
  expect(third).toMatchObject({ RemoteFailures: 1, RemotesFailing: 1, SetAside: 0, ProjectionLag: 0 });
});
