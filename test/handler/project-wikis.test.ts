import { expect, onTestFinished, test } from 'vitest';
import { OPERATOR } from '../../src/auth/principal.ts';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import { createService } from '../../src/lazy/app.ts';
import { commitFiles } from '../support/repository.ts';
import { CONTEXT, functionBed, logLines, notice, queueEvent, SCHEDULE } from './queue-support.ts';

/** A function of many wikis, and another process that makes them. */
async function setUp(more: Record<string, string> = {}) {
  const bed = await functionBed({ born: false });
  const env = (): Record<string, string> => ({
    ...bed.environment(),
    KITTIWAKE_TENANTS: 'host:wiki.example.org',
    KITTIWAKE_LOG_LEVEL: 'info',
    ...more,
  });
  const { config, secrets } = readConfig({ env: env() });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const projections = async () => readProjectionSettings({ env: env() });
  const service = createService({ config, secrets, projections, runtime: bed.runtime, log });
  onTestFinished(() => service.close());
  const admin = (await service.tenants())('test');
  const create = async (name: string) => {
    const { tenant } = await admin.create({ name });
    const { handles, release } = (await service.wikis()).lease(tenant);
    await commitFiles(await handles.handles.repository(), { 'a.md': `text of ${name}` });
    release();
    return tenant.uuid;
  };
  const { lines, write } = logLines();
  const handler = createProjectHandler({ env: env(), runtime: bed.runtime, write });
  const runs = () => lines.filter(({ event }) => event === 'projections');
  return { bed, service, create, handler, runs, lines, admin };
}

test('each wiki that a batch tells of is led on once', async () => {
  const { create, handler, runs } = await setUp();
  const [anna, bert] = [await create('anna'), await create('bert')];
  await create('cleo');
  const bodies = [anna, bert, anna].map(uuid => notice(`ledger/${uuid}`));
  expect(await handler(queueEvent(...bodies), CONTEXT)).toEqual({ batchItemFailures: [] });
  expect(runs()).toMatchObject([
    { wiki: anna, messages: 2, head_ordinal: 0 },
    { wiki: bert, messages: 1, head_ordinal: 0 },
  ]);
});

test('the messages of a wiki that fails come again, those of others do not', async () => {
  const { create, handler } = await setUp();
  const anna = await create('anna');
  const bodies = [notice(`ledger/${anna}`), notice(`ledger/${'0'.repeat(32)}`), 'no notice'];
  expect(await handler(queueEvent(...bodies), CONTEXT)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm3' }, { itemIdentifier: 'm2' }],
  });
});

test('the schedule leads all wikis on, by name, but those that are deleted', async () => {
  const { create, handler, runs, admin } = await setUp();
  for (const name of ['anna', 'bert', 'cleo']) await create(name);
  await admin.remove('cleo');
  await handler(SCHEDULE, CONTEXT);
  expect(
    runs()
      .map(({ wiki }) => wiki)
      .toSorted(),
  ).toEqual(['anna', 'bert']);
});

test('the schedule removes wikis whose grace is over', async () => {
  const { bed, create, handler, lines, admin } = await setUp();
  const uuid = await create('anna');
  await admin.remove('anna', { graceMs: 0 });
  await handler(SCHEDULE, CONTEXT);
  expect((await admin.show('anna')).tenant.state).toBe('deleted');
  bed.pass(200_000);
  await handler(SCHEDULE, CONTEXT);
  expect(lines).toContainEqual(expect.objectContaining({ event: 'tenant_swept', name: 'anna', uuid }));
  await expect(admin.show('anna')).rejects.toMatchObject({ code: 'tenant_absent' });
});

test('remotes are left alone while the wiki is suspended, and until its name is known', async () => {
  const { service, create, handler, lines, admin } = await setUp({ KITTIWAKE_REMOTE_ALLOW: '127.0.0.1' });
  const uuid = await create('anna');
  const { handles, release } = (await service.wikis()).lease({ name: 'anna', uuid });
  const remotes = await (await handles.handles.projections()).as(OPERATOR).remotes();
  // Nobody listens at that port.
  await remotes.create('mirror', { url: 'http://127.0.0.1:1/wiki.git', push: true, afterCommits: true });
  release();
  const tried = () => lines.filter(({ event }) => event === 'remote_failed').map(({ code }) => code);
  await handler(queueEvent(notice(`ledger/${uuid}`)), CONTEXT);
  await admin.change('anna', { state: 'suspended' });
  await handler(SCHEDULE, CONTEXT);
  expect(tried()).toEqual([]);
  await admin.change('anna', { state: 'active' });
  await handler(SCHEDULE, CONTEXT);
  expect(tried()).toEqual(['remote_unreachable']);
});
