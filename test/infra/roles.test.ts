import { expect, onTestFinished, test } from 'vitest';
import { createImportHandler } from '../../src/handler/import.ts';
import { createProjectHandler } from '../../src/handler/project.ts';
import { sendSource } from '../handler/import-job-support.ts';
import {
  CONTEXT,
  type FunctionBed,
  functionBed,
  logLines,
  notice,
  queueEvent,
  SCHEDULE,
} from '../handler/queue-support.ts';
import { ask, freshService } from '../integration/round-trips-support.ts';
import { CraftedBundle } from '../support/bundle.ts';
import { DEPLOYED } from '../support/cloudformation.ts';
import { sha256 } from '../support/large-files.ts';
import { commitFiles } from '../support/repository.ts';
import { permissionsOf, refusedRequests } from '../support/s3-permissions.ts';
import { bareEtag } from '../support/s3-server.ts';
import { synthesise } from './synth.ts';

const { template, all } = synthesise();
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What `work` sends to the bucket has the rights of the function `name`, and no others. */
async function asFunction<T>(bed: FunctionBed, name: string, work: () => Promise<T>): Promise<T> {
  const functionId =
    all('AWS::Lambda::Function').find(([id]) => id.startsWith(`Functions${name}`))?.[0] ?? '';
  const bucketId = all('AWS::S3::Bucket')[0]?.[0] ?? '';
  const names = { ...DEPLOYED, stackUuid: bed.uuid, physical: { [bucketId]: 'wikis' } };
  const { switches, requests } = bed.server;
  requests.clear();
  switches.permissions = permissionsOf(template, functionId, names);
  try {
    return await work();
  } finally {
    switches.permissions = () => true;
    expect(requests.all.filter(({ status }) => status === 403)).toEqual([]);
    expect(refusedRequests(template, functionId, requests.all, names)).toEqual([]);
  }
}

function project(bed: FunctionBed, more: Record<string, string> = {}) {
  const { lines, write } = logLines();
  const handler = createProjectHandler({
    env: { ...bed.environment(), ...more },
    runtime: bed.runtime,
    write,
  });
  const run = () => asFunction(bed, 'Project', () => handler(SCHEDULE, CONTEXT));
  return { run, runs: () => lines.filter(({ event }) => event === 'projections') };
}

test('imports are started, sent, seen and removed with the role of the API function', async () => {
  const bed = await functionBed();
  const service = bed.open();
  await asFunction(bed, 'Api', async () => {
    const started = await ask(service, 'POST', '/imports', { name: 'a.csv', size: 6_000_000 });
    expect([started.status, started.body.upload.parts.length]).toEqual([201, 1]);
    const { id } = started.body;
    expect((await ask(service, 'POST', `/imports/${id}/complete`)).body.code).toBe('upload_incomplete');
    expect((await ask(service, 'GET', '/imports')).body.imports).toHaveLength(1);
    expect((await ask(service, 'POST', `/imports/${id}/cancel`)).body.state).toBe('cancelled');
    expect((await ask(service, 'DELETE', `/imports/${id}`)).status).toBe(200);
  });
});

test('an import of a user by a token is sent, woken, carried out and swept with the roles of the functions', async () => {
  const bed = await functionBed();
  const env = { ...bed.environment(), KITTIWAKE_IMPORT_WAKES: 'true' };
  const { service } = freshService(env, bed.runtime);
  onTestFinished(() => service.close());
  const wakes = async () => (await (await service.store()).list('wakes/')).objects.map(({ key }) => key);
  const id = await asFunction(bed, 'Api', async () => {
    const { body: token } = await ask(service, 'POST', '/tokens', { name: 'a', rights: ['write', 'upload'] });
    const text = 'path,content\nHome,gull\n../x,tern\n';
    const authorization = `Bearer ${token.token}`;
    const wish = { name: 'a.csv', size: text.length };
    const { body } = await ask(service, 'POST', '/imports', wish, { authorization });
    await sendSource(service, `/imports/${body.id}/source`, text);
    return body.id;
  });
  const { run } = project(bed, { KITTIWAKE_IMPORT_WAKES: 'true' });
  bed.pass(5 * MINUTE_MS);
  await run();
  const { write } = logLines();
  const handler = createImportHandler({ env, runtime: bed.runtime, write });
  const [wake = ''] = await wakes();
  const answer = await asFunction(bed, 'Import', () => handler(queueEvent(notice(wake)), CONTEXT));
  expect([answer, await wakes()]).toEqual([{ batchItemFailures: [] }, []]);
  const { body: job } = await ask(service, 'GET', `/imports/${id}`);
  expect([job.state, job.progress.written, job.failures.length]).toEqual(['done', 1, 1]);
  bed.pass(10 * DAY_MS);
  await run();
  expect((await ask(service, 'GET', `/imports/${id}`)).status).toBe(404);
});

test('writing, reading and searching get by with the role of the API function', async () => {
  const bed = await functionBed();
  const service = bed.open();
  await asFunction(bed, 'Api', async () => {
    for (let n = 0; n < 40; n += 1) {
      const content = bed.runtime.randomBytes(3_000).toString('base64');
      expect((await ask(service, 'PUT', `/pages/P${n}`, { content })).status).toBe(201);
    }
    const cold = bed.open();
    expect((await ask(cold, 'GET', '/pages/P1')).status).toBe(200);
    expect((await ask(cold, 'GET', '/pages/Absent')).status).toBe(404);
    expect((await ask(cold, 'GET', '/search?q=absent')).status).toBe(200);
  });
  expect(bed.server.requests.of('PutObject').some(({ key }) => key.endsWith('.pack'))).toBe(true);
});

test('users, tokens, rules and drafts get by with the role of the API function', async () => {
  const bed = await functionBed();
  const service = bed.open();
  await asFunction(bed, 'Api', async () => {
    expect((await ask(service, 'PUT', '/pages/Home', { content: 'gull' })).status).toBe(201);
    const anna = { name: 'Anna', email: 'anna@example.org', password: 'correct horse battery' };
    expect((await ask(service, 'POST', '/users', anna)).status).toBe(201);
    for (const all_wikis of [false, true]) {
      const made = await ask(service, 'POST', '/tokens', { name: 'a', rights: ['write'], all_wikis });
      expect(made.status).toBe(201);
      expect((await ask(service, 'DELETE', `/tokens/${made.body.id}`)).status).toBe(200);
    }
    expect((await ask(service, 'GET', '/tokens?all=true')).status).toBe(200);
    expect((await ask(service, 'PUT', '/policy/rules/Home', { write: [] })).status).toBe(200);
    expect((await ask(service, 'PUT', '/drafts/Home', { content: 'x' })).status).toBe(201);
    expect((await ask(bed.open(), 'GET', '/drafts/Home')).status).toBe(200);
    expect((await ask(service, 'DELETE', '/drafts/Home')).status).toBe(200);
    expect((await ask(bed.open(), 'GET', '/audit')).status).toBe(200);
  });
  const kinds = new Set(bed.server.requests.of('PutObject').map(({ key }) => key.split('/')[0]));
  expect([...kinds].sort()).toEqual(['auth', 'drafts', 'ledger', 'state', 'tokens']);
});

test.each([
  ['/users', 'POST', { name: 'Anna', email: 'anna@example.org', password: 'correct horse battery' }],
  ['/tokens', 'POST', { name: 'a', rights: ['write'] }],
  ['/drafts/Home', 'PUT', { content: 'x' }],
])('the role of the import function makes none of %s', async (path, method, body) => {
  const bed = await functionBed();
  const importId = all('AWS::Lambda::Function').find(([id]) => id.startsWith('FunctionsImport'))?.[0] ?? '';
  const names = {
    ...DEPLOYED,
    stackUuid: bed.uuid,
    physical: { [all('AWS::S3::Bucket')[0]?.[0] ?? '']: 'wikis' },
  };
  bed.server.switches.permissions = permissionsOf(template, importId, names);
  const { status, body: answer } = await ask(bed.open(), method, path, body);
  expect([status, answer.code]).toEqual([500, 'internal']);
  expect(bed.server.requests.all.filter(each => each.status === 403).length).toBeGreaterThan(0);
  expect(
    bed.server.requests
      .of('PutObject')
      .filter(each => each.status === 200 && !/^(ledger|packs)/.test(each.key)),
  ).toEqual([]);
});

test('large attachments get by with the role of the API function', async () => {
  const bed = await functionBed();
  const service = bed.open();
  const bytes = bed.runtime.randomBytes(9 * 1024 * 1024);
  await asFunction(bed, 'Api', async () => {
    await ask(service, 'PUT', '/pages/Home', { content: 'gull' });
    const promise = { filename: 'film.mp4', upload: 'presigned', size: bytes.length, sha256: sha256(bytes) };
    const { upload } = (await ask(service, 'POST', '/pages/Home/attachments', promise)).body;
    const sent = await fetch(upload.url, {
      method: upload.method,
      headers: upload.headers,
      body: new Uint8Array(bytes),
    });
    expect(sent.status).toBe(200);
    const attach = { filename: 'film.mp4', upload: upload.id };
    expect((await ask(service, 'POST', '/pages/Home/attachments', attach)).status).toBe(201);
    const download = { path: '/api/v1/pages/Home/attachments/film.mp4', query: 'download=presigned' };
    const { headers } = await service.app.handle({
      method: 'GET',
      ...download,
      headers: { authorization: 'Bearer test-key' },
      body: Buffer.alloc(0),
    });
    const got = await fetch(String(headers.location));
    expect(sha256(Buffer.from(await got.arrayBuffer()))).toBe(sha256(bytes));
  });
  expect(bed.server.requests.of('CompleteMultipartUpload')).not.toHaveLength(0);
});

test('projections, merges, deletions and sweeps get by with the role of the projection function', async () => {
  const bed = await functionBed();
  const repository = await bed.open().repository();
  for (const name of ['a', 'b', 'c', 'd']) {
    await commitFiles(repository, { [`${name}.md`]: name.repeat(2_000) });
    await repository.flusher.flush();
  }
  const put = (key: string) => bed.send('PUT', key, { body: 'x', signedMs: bed.runtime.now() });
  await put(`uploads/${bed.uuid}/forgotten`);
  await put(`raw/${bed.uuid}/forgotten`);
  await bed.send('POST', `packs/${bed.uuid}/unfinished.pack`, {
    query: { uploads: '' },
    signedMs: bed.runtime.now(),
  });
  const { run, runs } = project(bed);
  await run();
  bed.pass(20 * MINUTE_MS);
  await run();
  await commitFiles(repository, { 'e.md': 'gull' });
  bed.pass(3 * DAY_MS);
  await run();
  bed.pass(3 * DAY_MS);
  await run();
  expect(runs()).toMatchObject([{ merged: 4 }, { deleted: 4 }, {}, {}]);
  const left = await (await bed.open().store()).list('');
  const kinds = new Set(left.objects.map(({ key }) => key.split('/')[0]));
  expect([...kinds].sort()).toEqual(['ledger', 'packs', 'projections', 'search', 'site']);
});

test('an import gets by with the role of the import function', async () => {
  const bed = await functionBed();
  const bundle = new CraftedBundle();
  const blob = bundle.add('blob', 'gull\n');
  const head = bundle.commit(bundle.tree({ mode: '100644', name: 'home.md', oid: blob }));
  const key = 'imports/old.bundle';
  const stored = await bed.send('PUT', key, { body: bundle.finish({ 'refs/heads/main': head }) });
  const { write } = logLines();
  const handler = createImportHandler({ env: bed.environment(), runtime: bed.runtime, write });
  const event = queueEvent(notice(key, { etag: bareEtag(stored) }));
  const answer = await asFunction(bed, 'Import', () => handler(event, CONTEXT));
  expect(answer).toEqual({ batchItemFailures: [] });
  const { text } = await bed.send('GET', `${key}.result.json`);
  expect(JSON.parse(text)).toMatchObject({ state: 'done' });
});
