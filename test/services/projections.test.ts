import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import { createImportHandler } from '../../src/handler/import.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import { createService } from '../../src/lazy/app.ts';
import { sweepPublished } from '../../src/projection/published/sweep.ts';
import { CONTEXT, logLines, notice, queueEvent, SCHEDULE } from '../handler/queue-support.ts';
import { bucketEnvironment } from '../support/bucket-wiki.ts';
import { CraftedBundle } from '../support/bundle.ts';
import { cephForTest } from '../support/ceph.ts';
import { commitFiles } from '../support/repository.ts';

test('in Ceph a bundle is imported, its index published, and what is replaced goes', async ctx => {
  const ceph = cephForTest(ctx);
  const bucket = await ceph.createBucket();
  const uuid = randomId(systemRuntime);
  let passedMs = 0;
  const runtime = { ...systemRuntime, now: () => Date.now() + passedMs };
  const environment = () => {
    const env: Record<string, string> = { ...bucketEnvironment({ ...ceph, bucket }), KITTIWAKE_WIKI: uuid };
    onTestFinished(() => rmSync(env.KITTIWAKE_DATA ?? '', { recursive: true, force: true }));
    return env;
  };
  const open = () => {
    const { config, secrets } = readConfig({ env: environment() });
    const log = createLogger({ write: () => {}, now: Date.now });
    const service = createService({ config, secrets, runtime: systemRuntime, log });
    onTestFinished(() => service.close());
    return service;
  };
  await open().createWiki();
  const store = await open().store();

  const bundle = new CraftedBundle();
  const blob = bundle.add('blob', 'gull');
  const head = bundle.commit(bundle.tree({ mode: '100644', name: 'home.md', oid: blob }));
  const stored = await store.put('imports/a.bundle', [bundle.finish({ 'refs/heads/main': head })], {
    ifAbsent: true,
  });
  const etag = stored.kind === 'stored' ? stored.version.replaceAll('"', '') : '';
  const written = queueEvent(notice('wiki/imports/a.bundle', { bucket, etag }));
  const imports = createImportHandler({ env: environment(), runtime: systemRuntime, write: () => {} });
  expect([await imports(written, CONTEXT), await imports(written, CONTEXT)]).toEqual(
    Array(2).fill({ batchItemFailures: [] }),
  );
  const result = await store.get('imports/a.bundle.result.json');
  expect(result.kind === 'found' && JSON.parse(result.bytes.toString())).toMatchObject({ state: 'done' });

  const { lines, write } = logLines();
  const project = () => createProjectHandler({ env: environment(), runtime, write });
  const ledger = queueEvent(notice(`wiki/ledger/${uuid}`, { bucket }));
  await Promise.all([project()(ledger, CONTEXT), project()(ledger, CONTEXT)]);
  expect(lines.map(({ index }) => index)).toContain('published');
  await commitFiles(await open().repository(), { 'later.md': 'gull' });
  passedMs = 60_000;
  const last = project();
  await last(ledger, CONTEXT);
  await last(SCHEDULE, CONTEXT);
  expect(lines.slice(-2)).toMatchObject([{ index: 'published' }, { index: 'unchanged', indexes_deleted: 0 }]);
  const swept = await sweepPublished({ store, uuid, runtime, readerGraceMs: 0, orphanGraceMs: 0 });
  expect(swept).toMatchObject({ deleted: 1, lost: false });
  const search = await open().search();
  expect((await search.search('gull', { offset: 0, limit: 10 })).total).toBe(2);
  const { objects } = await store.list(`search/${uuid}/`);
  expect(objects.filter(({ key }) => !key.endsWith('/current')).length).toBeLessThanOrEqual(2);
});
