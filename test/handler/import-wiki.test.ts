import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { createImportHandler } from '../../src/handler/import.ts';
import { createService } from '../../src/lazy/app.ts';
import { CraftedBundle } from '../support/bundle.ts';
import { bareEtag } from '../support/s3-server.ts';
import { CONTEXT, functionBed, logLines, notice, queueEvent } from './queue-support.ts';

/** A function of many wikis, and another process that makes them. */
async function setUp() {
  const bed = await functionBed({ born: false });
  const env = { ...bed.environment(), KITTIWAKE_TENANTS: 'path:/w' };
  const { config, secrets } = readConfig({ env });
  const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
  const service = createService({ config, secrets, runtime: bed.runtime, log });
  onTestFinished(() => service.close());
  const admin = (await service.tenants())('test');
  const { lines, write } = logLines();
  const handler = createImportHandler({ env, runtime: bed.runtime, write });
  const put = async (key: string) => {
    const answer = await bed.send('PUT', key, { body: bundle(), signedMs: bed.runtime.now() });
    return await handler(queueEvent(notice(key, { etag: bareEtag(answer) })), CONTEXT);
  };
  const ordinalOf = async (name: string) => {
    const { tenant } = await admin.show(name);
    const { handles, release } = (await service.wikis()).lease(tenant);
    const { ordinal } = await (await handles.handles.repository()).view({ maxAgeMs: 0 });
    release();
    return ordinal;
  };
  const codes = () => lines.filter(({ event }) => event === 'import_failed').map(({ code }) => code);
  return { admin, put, ordinalOf, codes };
}

function bundle(): Buffer {
  const made = new CraftedBundle();
  const tree = made.tree({ mode: '100644', name: 'home.md', oid: made.add('blob', 'gull\n') });
  return made.finish({ 'refs/heads/main': made.commit(tree) });
}

const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'm1' }] };

test('a bundle comes into the wiki that its folder names, and into no other', async () => {
  const { admin, put, ordinalOf } = await setUp();
  await admin.create({ name: 'anna' });
  await admin.create({ name: 'bert' });
  expect(await put('imports/anna/old.bundle')).toEqual(DONE);
  expect([await ordinalOf('anna'), await ordinalOf('bert')]).toEqual([0, -1]);
});

test('a suspended wiki takes one, too', async () => {
  const { admin, put, ordinalOf } = await setUp();
  await admin.create({ name: 'anna' });
  await admin.change('anna', { state: 'suspended' });
  expect(await put('imports/anna/old.bundle')).toEqual(DONE);
  expect(await ordinalOf('anna')).toBe(0);
});

test('what names no wiki, or one that is not there or was deleted, comes again and is set aside in the end', async () => {
  const { admin, put, codes } = await setUp();
  await admin.create({ name: 'anna' });
  await admin.remove('anna');
  expect(await put('imports/old.bundle')).toEqual(AGAIN);
  expect(await put('imports/none/old.bundle')).toEqual(AGAIN);
  expect(await put('imports/anna/old.bundle')).toEqual(AGAIN);
  expect(codes()).toEqual(['import_unnamed', 'tenant_absent', 'import_unnamed']);
});
