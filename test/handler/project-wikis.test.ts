import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import { createService } from '../../src/lazy/app.ts';
import { commitFiles } from '../support/repository.ts';
import { CONTEXT, functionBed, logLines, notice, queueEvent, SCHEDULE } from './queue-support.ts';

/** A function of many wikis, and another process that makes them. */
async function setUp() {
  const bed = await functionBed({ born: false });
  const env = (): Record<string, string> => ({
    ...bed.environment(),
    KITTIWAKE_TENANTS: 'host:wiki.example.org',
    KITTIWAKE_LOG_LEVEL: 'info',
  });
  const { config, secrets } = readConfig({ env: env() });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const service = createService({ config, secrets, runtime: bed.runtime, log });
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
  return { bed, create, handler, runs, lines, admin };
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
