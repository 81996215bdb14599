import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/bytes.ts';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { parseJob } from '../../../src/import/job/job-format.ts';
import { isJobId, jobTimeMs, newJobId } from '../../../src/import/job/job-id.ts';
import { MAX_OPEN_JOBS } from '../../../src/import/job/job-index.ts';
import { type JobsOptions, openJobs } from '../../../src/import/job/jobs.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { done, someJob } from './some-job.ts';

const uuid = randomId(systemRuntime);
const HOUR_MS = 3_600_000;

function open(store: ByteStore = createMemoryByteStore(), options: Partial<JobsOptions> = {}) {
  return openJobs({ store, uuid, runtime: systemRuntime, ...options });
}

function later(ms: number): Runtime {
  return { ...systemRuntime, now: () => systemRuntime.now() + ms };
}

function request(key: string, body = '') {
  return { key: sha256(key).toString('hex'), fingerprint: sha256(body).toString('hex') };
}

/** A store that calls `before` when an object of that prefix is put, and then does it or not. */
function failingAt(store: ByteStore, prefix: string, before: () => Promise<void>, isDone = false): ByteStore {
  return {
    location: store.location,
    get: (...given) => store.get(...given),
    list: (...given) => store.list(...given),
    delete: keys => store.delete(keys),
    upload: (...given) => store.upload(...given),
    async put(key, ...given) {
      if (!key.startsWith(prefix)) return await store.put(key, ...given);
      await before();
      if (!isDone) throw new KittiwakeError('storage_denied', 'Writing: the process was killed');
      return await store.put(key, ...given);
    },
  };
}

describe('ids of imports', () => {
  it('sort the newest first, tell their time, and are not guessed', () => {
    const [older, newer] = [newJobId(systemRuntime), newJobId(later(1))];
    expect(newer < older).toBe(true);
    expect(Math.abs(jobTimeMs(older) - systemRuntime.now())).toBeLessThan(60_000);
    expect(new Set(Array.from({ length: 100 }, () => newJobId(systemRuntime).slice(12))).size).toBe(100);
    expect(['', '../x', newer.toUpperCase(), `${newer}0`].filter(isJobId)).toEqual([]);
  });
});

describe('imports', () => {
  it('that are made by a repeated request long after its first try are carried out all the same', async () => {
    const store = createMemoryByteStore();
    const first = open(failingAt(store, 'jobs/', async () => {})).create(() => someJob(), request('a'));
    await expect(first).rejects.toThrow('the process was killed');
    const runtime = later(HOUR_MS);
    // Another import is begun while the document is about to be made.
    const other = () => open(store, { runtime }).create(() => someJob());
    const slow = failingAt(store, 'jobs/', async () => void (await other()), true);
    const { job } = await open(slow, { runtime }).create(() => someJob(), request('a'));
    const ids = (await open(store, { runtime }).unfinished()).map(({ id }) => id);
    expect(ids).toContain(job.id);
    expect(ids).toHaveLength(2);
  });

  it('are listed the newest first, in pages, and others of another wiki are not among them', async () => {
    const store = createMemoryByteStore();
    const ids: string[] = [];
    for (const ms of [1, 2, 3, 4, 5]) {
      const { job } = await open(store, { runtime: later(ms * 1000) }).create(() => someJob());
      ids.unshift(job.id);
    }
    await open(store, { uuid: randomId(systemRuntime) }).create(() => someJob());
    const first = await open(store).list({ limit: 2 });
    const second = await open(store).list({ limit: 3, after: first.next });
    expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBeUndefined();
  });

  it('are made once for a request, however often it is sent at once', async () => {
    const store = createMemoryByteStore();
    const tries = [1, 2, 3, 4].map(() => open(store).create(() => someJob(), request('a')));
    const made = await Promise.all(tries);
    expect(new Set(made.map(({ job }) => job.id)).size).toBe(1);
    expect((await open(store).list()).jobs).toHaveLength(1);
    const other = open(store).create(() => someJob(), request('a', 'another body'));
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    const next = await open(store).create(() => someJob(), request('b'));
    expect(next).toMatchObject({ isNew: true });
  });

  it('that cannot be made because too many were are told when to come again', async () => {
    const store = createMemoryByteStore();
    const limits = { startsPerHour: 4 };
    const jobs = open(store, { limits });
    await jobs.create(() => someJob('user:1'));
    await jobs.create(() => someJob('user:1'));
    const refused = jobs.create(() => someJob('user:1'));
    await expect(refused).rejects.toMatchObject({
      code: 'rate_limited',
      data: { retryAfterMs: expect.any(Number) },
    });
    await jobs.create(() => someJob('user:2'));
    await jobs.create(() => someJob('user:2'));
    await expect(jobs.create(() => someJob('user:3'))).rejects.toMatchObject({ code: 'rate_limited' });
    const afterwards = open(store, { limits, runtime: later(HOUR_MS + 60_000) });
    await expect(afterwards.create(() => someJob('user:1'))).resolves.toMatchObject({ isNew: true });
  });

  it('count as started though they were deleted', async () => {
    const jobs = open(createMemoryByteStore(), { limits: { startsPerHour: 2 } });
    const { job } = await jobs.create(() => someJob());
    await jobs.cancel(job.id);
    await jobs.remove(job.id);
    await expect(jobs.create(() => someJob())).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('that have not ended are found without the others, and are bounded', async () => {
    const store = createMemoryByteStore();
    const jobs = open(store);
    const ids: string[] = [];
    for (let made = 0; made < MAX_OPEN_JOBS; made += 1) ids.push((await jobs.create(() => someJob())).job.id);
    await expect(jobs.create(() => someJob())).rejects.toMatchObject({ code: 'imports_full' });
    for (const id of ids.slice(1)) await jobs.change(id, job => ({ body: done(job), result: null }));
    expect((await open(store).unfinished()).map(({ id }) => id)).toEqual([ids[0]]);
    await expect(jobs.create(() => someJob())).resolves.toMatchObject({ isNew: true });
  });

  it('are changed by many at once without losing a change', async () => {
    const store = createMemoryByteStore();
    const { job } = await open(store).create(() => someJob());
    const change = () =>
      open(store).change(job.id, before => {
        const attempts = (before.attempts ?? 0) + 1;
        return { body: { ...before, attempts }, result: attempts };
      });
    const told = await Promise.all(Array.from({ length: 8 }, change));
    expect(told.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await open(store).read(job.id)).attempts).toBe(8);
  });

  it('that nobody works on are cancelled at once, others are asked to end', async () => {
    const jobs = open();
    const { job: idle } = await jobs.create(() => someJob());
    expect(await jobs.cancel(idle.id)).toMatchObject({ state: 'cancelled', endedMs: expect.any(Number) });
    const { job: busy } = await jobs.create(() => someJob());
    const lease = { worker: 'w', untilMs: systemRuntime.now() + HOUR_MS };
    await jobs.change(busy.id, job => ({ body: { ...job, state: 'queued', lease }, result: null }));
    expect(await jobs.cancel(busy.id)).toMatchObject({ state: 'queued', cancelRequested: true });
  });

  it('are removed with their files once they have ended, and not before', async () => {
    const store = createMemoryByteStore();
    const jobs = open(store);
    const { job } = await jobs.create(() => someJob());
    const key = `job-files/${uuid}/${job.id}/source`;
    await store.put(key, [Buffer.from('a,b')], { immutable: true });
    await expect(jobs.remove(job.id)).rejects.toMatchObject({ code: 'import_unfinished' });
    await jobs.cancel(job.id);
    await jobs.remove(job.id);
    expect(await store.get(key)).toEqual({ kind: 'absent' });
    await expect(jobs.read(job.id)).rejects.toMatchObject({ code: 'import_not_found' });
    const gone = jobs.change(job.id, each => ({ body: done(each), result: null }));
    await expect(gone).rejects.toMatchObject({ code: 'import_not_found' });
  });

  it('are not looked for under what is no id', async () => {
    for (const id of ['', '..', '../../ledger/x', 'a'.repeat(31)])
      await expect(open().read(id)).rejects.toMatchObject({ code: 'import_not_found' });
  });
});

describe('the document of an import', () => {
  it('is refused where a field is not what it should be', async () => {
    const { job } = await open().create(() => someJob());
    expect(parseJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
    const unsound = [
      { id: 'x' },
      { state: 'lost' },
      { createdMs: -1 },
      { principal: { id: 'x' } },
      { source: { kind: 'stored', name: 'x' } },
      { source: { kind: 'other', name: 'x' } },
      { options: { existing: 'both', onError: 'skip', dryRun: false } },
      { parts: [{}] },
      { commits: 'none' },
      { lease: {} },
    ];
    for (const field of unsound)
      expect(() => parseJob({ ...job, ...field })).toThrow(/no import as it should be/);
    expect(() => parseJob(null)).toThrow(/no import/);
  });
});
