import { expect, test } from 'vitest';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import type { Job } from '../../../src/import/job/job.ts';
import { sweepJobs } from '../../../src/import/job/job-sweep.ts';
import { openJobs } from '../../../src/import/job/jobs.ts';
import { openUploads } from '../../../src/import/job/uploads.ts';
import { createMemoStore, memoPrefix } from '../../../src/import/operator/memo-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { done, someJob } from './some-job.ts';

const uuid = randomId(systemRuntime);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function later(ms: number): Runtime {
  return { ...systemRuntime, now: () => systemRuntime.now() + ms };
}

function wiki() {
  const store = createMemoryByteStore();
  const jobs = openJobs({ store, uuid, runtime: systemRuntime });
  const file = (id: string, name: string) =>
    store.put(`job-files/${uuid}/${id}/${name}`, [Buffer.from('x')], { immutable: true });
  const sweep = (ms: number) => {
    const place = { store, uuid, runtime: later(ms) };
    const opened = openJobs(place);
    const uploads = openUploads({ ...place, jobs: opened, chunkBytes: 8 });
    return sweepJobs({ ...place, jobs: opened, uploads, keptDays: 7, timeoutHours: 48 });
  };
  const change = (id: string, into: (job: Job) => Job) =>
    jobs.change(id, job => ({ body: into(job), result: null }));
  const files = async () => (await store.list('job-files/')).objects.map(({ key }) => key.split('/')[2]);
  return { store, jobs, file, sweep, change, files };
}

test('imports that ended long ago go with their files and requests, others stay', async () => {
  const { store, jobs, file, sweep, change, files } = wiki();
  const request = { key: 'a'.repeat(64), fingerprint: 'b'.repeat(64) };
  const { job: old } = await jobs.create(() => someJob(), request);
  await change(old.id, done);
  await file(old.id, 'errors-1.ndjson');
  const { job: fresh } = await jobs.create(() => someJob());
  await change(fresh.id, job => ({ ...done(job), endedMs: systemRuntime.now() + 2 * DAY_MS }));
  expect(await sweep(6 * DAY_MS)).toEqual({ removed: 0, abandoned: 0, orphans: 0 });
  expect(await sweep(7 * DAY_MS + HOUR_MS)).toEqual({ removed: 1, abandoned: 0, orphans: 0 });
  expect((await jobs.list()).jobs.map(({ id }) => id)).toEqual([fresh.id]);
  expect(await files()).toEqual(['index']);
  expect((await store.list(`job-files/${uuid}/requests/`)).objects).toEqual([]);
});

test('what nobody sends is given up after a day, with what came of it', async () => {
  const { jobs, file, sweep, files } = wiki();
  const { job } = await jobs.create(() => someJob());
  await file(job.id, 'source-1');
  expect(await sweep(23 * HOUR_MS)).toMatchObject({ abandoned: 0 });
  expect(await sweep(25 * HOUR_MS)).toMatchObject({ abandoned: 1 });
  expect(await jobs.read(job.id)).toMatchObject({ state: 'failed', error: { code: 'import_abandoned' } });
  expect(await files()).toEqual(['index']);
});

test('what takes too long is given up, but not while its commit may have landed', async () => {
  const { jobs, sweep, change } = wiki();
  const report = { written: 1, attachments: 0, unchanged: 0, skipped: 0, merged: 0, failed: 0, failures: [] };
  const pending = { requestId: 'c'.repeat(32), runs: [], report };
  const { job: slow } = await jobs.create(() => someJob());
  await change(slow.id, job => ({ ...job, state: 'running' }));
  const { job: landing } = await jobs.create(() => someJob());
  await change(landing.id, job => ({ ...job, state: 'committing', pending }));
  expect(await sweep(47 * HOUR_MS)).toMatchObject({ abandoned: 0 });
  expect(await sweep(49 * HOUR_MS)).toMatchObject({ abandoned: 1 });
  expect((await jobs.read(slow.id)).error?.code).toBe('import_late');
  expect((await jobs.read(landing.id)).state).toBe('committing');
});

test('files without an import go after a day', async () => {
  const { jobs, file, sweep, files } = wiki();
  const { job } = await jobs.create(() => someJob());
  await jobs.cancel(job.id);
  await jobs.remove(job.id);
  await file(job.id, 'run-late');
  expect(await sweep(23 * HOUR_MS)).toMatchObject({ orphans: 0 });
  expect(await sweep(25 * HOUR_MS)).toMatchObject({ orphans: 1 });
  expect(await files()).toEqual(['index']);
});

test('kept results of steps go after ninety days', async () => {
  const { store, sweep } = wiki();
  await createMemoStore(store, memoPrefix(uuid)).put('0'.repeat(64), Buffer.from('what a row held'));
  await sweep(89 * DAY_MS);
  expect((await store.list('memo/')).objects).toHaveLength(1);
  await sweep(91 * DAY_MS);
  expect((await store.list('memo/')).objects).toEqual([]);
});
