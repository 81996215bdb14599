import { describe, expect, it } from 'vitest';
import { openJobs } from '../../../src/import/job/jobs.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import { packsOfJobs } from '../../../src/import/job/run-packs.ts';
import { createUpkeep } from '../../../src/lazy/upkeep.ts';
import { newRepository } from '../../support/repository.ts';
import { filesOf, keysOf, type SmallRow, smallEnvironment, smallJob } from './small-import.ts';

const ROWS = Array.from({ length: 6 }, (_, n): SmallRow => [`p${n}.md`, `text ${n}`]);

describe('packs of unfinished imports', () => {
  it('are left alone by collections, also when they are old, until the import has ended', async () => {
    const repository = await newRepository();
    const jobs = openJobs(repository);
    const { id: _, createdMs, parts, commits, ...wish } = smallJob();
    const { job } = await jobs.create(() => wish);
    const stopping = new AbortController();
    const environment = { ...smallEnvironment(repository, jobs, ROWS), onProgress: () => stopping.abort() };
    const started = {
      ...environment,
      onProgress: (each: typeof job) => each.parts[0]?.position && stopping.abort(),
    };
    expect(await runJob(started, { id: job.id, signal: stopping.signal })).toEqual({ kind: 'more' });
    const kept = await packsOfJobs(repository);
    expect(kept.size).toBeGreaterThan(0);

    const upkeep = createUpkeep(Object.assign(async () => repository, { peek: () => repository }) as never);
    const atOnce = { orphanGraceMs: -1, readerGraceMs: 0 };
    for (let run = 0; run < 2; run += 1) await upkeep.collect(atOnce);
    const stored = (await keysOf(repository.store, 'packs/')).join();
    for (const name of kept) expect(stored).toContain(name);

    const { signal } = new AbortController();
    const outcome = await runJob(smallEnvironment(repository, jobs, ROWS), { id: job.id, signal });
    expect(outcome).toMatchObject({ kind: 'ended', job: { state: 'done' } });
    expect(await filesOf(repository)).toEqual(Object.fromEntries(ROWS as [string, string][]));
    expect((await packsOfJobs(repository)).size).toBe(0);
  });
});
