import { describe, expect, it } from 'vitest';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { Job, JobOptions } from '../../../src/import/job/job.ts';
import type { RunEnvironment } from '../../../src/import/job/run-environment.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import { EVERYTHING, FULL_ACCESS } from '../../../src/wiki/access.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import {
  filesOf,
  keysOf,
  type SmallRow,
  smallEngine,
  smallEnvironment,
  smallJob,
  smallJobs,
} from './small-import.ts';

const ROWS = Array.from({ length: 10 }, (_, n): SmallRow => [`docs/p${n}.md`, `text ${n}`]);
const FILES = Object.fromEntries(ROWS as [string, string][]);
const { signal } = new AbortController();

async function start(rows: readonly SmallRow[], options: Partial<JobOptions> = {}, more: Partial<Job> = {}) {
  const repository = await newRepository({ isPage: isPageFile });
  const { head } = await repository.view();
  const base = head === undefined ? {} : { baseHead: head };
  const jobs = await smallJobs(repository, smallJob(options, { ...base, ...more }));
  return { repository, jobs, environment: smallEnvironment(repository, jobs, rows) };
}

async function startOver(
  existing: Record<string, string>,
  rows: readonly SmallRow[],
  options: Partial<JobOptions>,
) {
  const repository = await newRepository({ isPage: isPageFile });
  const baseHead = await commitFiles(repository, existing);
  const jobs = await smallJobs(repository, smallJob(options, { baseHead }));
  return { repository, jobs, environment: smallEnvironment(repository, jobs, rows) };
}

async function run(environment: RunEnvironment): Promise<Job> {
  const outcome = await runJob(environment, { id: 'a1', signal });
  if (outcome.kind !== 'ended') throw new Error(`it is ${outcome.kind}`);
  return outcome.job;
}

describe('running an import', () => {
  it('commits all rows once, and leaves nothing behind', async () => {
    const { repository, environment } = await start(ROWS);
    const job = await run(environment);
    expect(job).toMatchObject({
      state: 'done',
      bytesTotal: 10,
      report: { written: 10, failed: 0, failures: [] },
    });
    expect(await filesOf(repository)).toEqual(FILES);
    expect(job.commits).toEqual([(await repository.view()).head]);
    expect(await keysOf(repository.store, 'job-files/')).toEqual([]);
    const { findings } = await examine(repository);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('tells of rows that failed, all of them in files and the first hundred in the job', async () => {
    const bad = Array.from({ length: 130 }, (_, n) => new Error(`bad ${n}`));
    const { repository, environment } = await start([...bad, ...ROWS]);
    const job = await run(environment);
    expect(job.report).toMatchObject({ written: 10, failed: 130 });
    expect(job.report?.failures).toHaveLength(100);
    const files = await Promise.all((job.errorFiles ?? []).map(key => repository.store.get(key)));
    const lines = files.flatMap(file =>
      file.kind === 'found' ? file.bytes.toString().trim().split('\n') : [],
    );
    expect(lines.map(line => JSON.parse(line).message)).toEqual(bad.map(({ message }) => message));
  });

  it('commits nothing of a job that is to fail with its first row', async () => {
    const { repository, environment } = await start([...ROWS, new Error('no path')], { onError: 'fail' });
    const job = await run(environment);
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'row_failed', message: 'Importing row 11 of "small": no path (row_bad)' },
    });
    expect((await repository.view()).head).toBeUndefined();
    expect(await keysOf(repository.store, 'job-files/')).toEqual(job.errorFiles);
  });

  it('refuses more rows than it may take', async () => {
    const { repository, environment } = await start(ROWS, { maxRows: 9 });
    expect(await run(environment)).toMatchObject({ state: 'failed', error: { code: 'rows_too_many' } });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('commits every so many pages where it is asked to', async () => {
    const { repository, environment } = await start(ROWS, { commitPages: 4 });
    const job = await run(environment);
    expect(job.commits).toHaveLength(2);
    expect(job.report).toMatchObject({ written: 10 });
    expect(await filesOf(repository)).toEqual(FILES);
  });

  it('stores nothing in a dry run, and counts', async () => {
    const { repository, environment } = await start(ROWS, { dryRun: true });
    expect(await run(environment)).toMatchObject({ state: 'done', commits: [], report: { written: 10 } });
    expect((await repository.view()).head).toBeUndefined();
    expect(await keysOf(repository.store, 'packs/')).toEqual([]);
  });

  it('is over when it was asked to cancel', async () => {
    const { repository, jobs, environment } = await start(ROWS);
    const cancelling: RunEnvironment = {
      ...environment,
      engine: async function* (options) {
        for await (const batch of smallEngine(ROWS)(options)) {
          yield batch;
          await jobs.change('a1', job => ({ body: { ...job, cancelRequested: true }, result: true }));
        }
      },
    };
    expect(await run(cancelling)).toMatchObject({ state: 'cancelled', isSwept: true });
    expect((await repository.view()).head).toBeUndefined();
    expect(await keysOf(repository.store, 'job-files/')).toEqual([]);
  });
});

describe('pages that the wiki has with other content', () => {
  const before = { 'docs/p0.md': 'old', 'docs/p1.md': 'text 1' };

  it('stay as they are with skip', async () => {
    const { repository, environment } = await startOver(before, ROWS, { existing: 'skip' });
    const job = await run(environment);
    expect(job.report).toMatchObject({ written: 8, unchanged: 1, skipped: 1 });
    expect(await filesOf(repository)).toEqual({ ...FILES, 'docs/p0.md': 'old' });
  });

  it('are replaced with overwrite', async () => {
    const { repository, environment } = await startOver(before, ROWS, { existing: 'overwrite' });
    expect((await run(environment)).report).toMatchObject({ written: 9, unchanged: 1 });
    expect(await filesOf(repository)).toEqual(FILES);
  });

  it('end the job with fail, and nothing is committed', async () => {
    const { repository, environment } = await startOver(before, ROWS, { existing: 'fail' });
    expect(await run(environment)).toMatchObject({ state: 'failed', error: { code: 'pages_exist' } });
    expect(await filesOf(repository)).toEqual(before);
  });

  it('are merged with what was edited since the job was made', async () => {
    const old = 'one\ntwo\nthree\nfour\nfive\n';
    const rows: SmallRow[] = ['a', 'b', 'c'].map(name => [`${name}.md`, old.replace('one', 'ONE')]);
    const files = { 'a.md': old, 'b.md': old, 'c.md': old };
    const { repository, environment } = await startOver(files, rows, { existing: 'merge' });
    await commitFiles(repository, { 'b.md': old.replace('five', 'FIVE'), 'c.md': old.replace('one', 'uno') });
    const job = await run(environment);
    expect(await filesOf(repository)).toEqual({
      'a.md': old.replace('one', 'ONE'),
      'b.md': old.replace('one', 'ONE').replace('five', 'FIVE'),
      'c.md': old.replace('one', 'uno'),
    });
    expect(job.report).toMatchObject({ written: 2, merged: 1, failed: 1 });
    expect(job.report?.failures).toMatchObject([
      { code: 'merge_conflict', origins: [{ source: 'small', row: 3 }] },
    ]);
  });

  it('and pages that the caller may not write are failures', async () => {
    const { repository, environment } = await startOver(before, ROWS, { existing: 'overwrite' });
    const permits = { all: false, may: (_: string, path: string) => path !== 'docs/p3.md' };
    const job = await run({ ...environment, accessOf: async () => () => permits });
    expect(job.report).toMatchObject({ written: 8, failed: 1, failures: [{ code: 'forbidden' }] });
    expect(Object.keys(await filesOf(repository))).not.toContain('docs/p3.md');
  });

  it('and nothing lands for who is not let in any more when it is made', async () => {
    const { repository, environment } = await startOver(before, ROWS, { existing: 'overwrite' });
    const old = await filesOf(repository);
    let isMade = false;
    const job = await run({
      ...environment,
      commit: options =>
        environment.commit({
          ...options,
          refuse: view => {
            isMade = true;
            return options.refuse(view);
          },
        }),
      accessOf: async () => {
        if (isMade) throw new KittiwakeError('auth_invalid', 'This token was revoked');
        return FULL_ACCESS;
      },
    });
    expect(job).toMatchObject({ state: 'failed', error: { code: 'auth_invalid' } });
    expect(await filesOf(repository)).toEqual(old);
  });

  it('has its own message only where the wiki takes one', async () => {
    const messages: string[] = [];
    for (const commitMessage of ['OPTIONAL', 'DISABLED'] as const) {
      const { repository, environment } = await startOver(before, ROWS, {
        existing: 'overwrite',
        message: 'Mine',
      });
      await run({
        ...environment,
        accessOf: async () => () => ({ ...EVERYTHING, preferences: { commitMessage } }),
      });
      const view = await repository.view();
      messages.push((await view.commit(view.head ?? ''))?.message.trim() ?? '');
    }
    expect(messages).toEqual(['Mine', expect.stringContaining('[import] ')]);
  });

  it('is refused above the limit of pages', async () => {
    const { environment } = await startOver(before, ROWS, { existing: 'overwrite' });
    const permits = { all: true, may: () => true, limits: { pages: 5 } };
    const job = await run({ ...environment, accessOf: async () => () => permits });
    expect(job).toMatchObject({ state: 'failed', error: { code: 'quota_pages' } });
  });
});

describe('handing an import over', () => {
  it('goes on from the last batch', async () => {
    const { repository, jobs, environment } = await start(ROWS);
    const starts: unknown[] = [];
    const counting: RunEnvironment = {
      ...environment,
      engine: options => {
        starts.push(options.from ?? 0);
        return smallEngine(ROWS)(options);
      },
    };
    const stopping = new AbortController();
    const stopped = {
      ...counting,
      onProgress: (job: Job) => job.parts[0]?.position === 6 && stopping.abort(),
    };
    expect(await runJob(stopped, { id: 'a1', signal: stopping.signal })).toEqual({ kind: 'more' });
    expect((await jobs.find('a1')).parts[0]?.lease).toBeUndefined();
    expect(await run(counting)).toMatchObject({ state: 'done' });
    expect(starts).toEqual([0, 6]);
    expect(await filesOf(repository)).toEqual(FILES);
  });

  it('waits for the lease of another worker, and takes over when it ran out', async () => {
    const { repository, jobs, environment } = await start(ROWS);
    const nowMs = repository.runtime.now();
    const lease = { worker: 'other', untilMs: nowMs + 60_000 };
    await jobs.change('a1', job => ({ body: { ...job, lease }, result: true }));
    expect(await runJob(environment, { id: 'a1', signal })).toEqual({
      kind: 'waiting',
      untilMs: lease.untilMs,
    });
    await jobs.change('a1', job => ({
      body: { ...job, lease: { ...lease, untilMs: nowMs - 1 } },
      result: true,
    }));
    expect(await run(environment)).toMatchObject({ state: 'done' });
  });

  it('stops when its lease was taken over meanwhile', async () => {
    const { repository, jobs, environment } = await start(ROWS);
    let taken = false;
    const slow: RunEnvironment = {
      ...environment,
      engine: async function* (options) {
        for await (const batch of smallEngine(ROWS)(options)) {
          if (!taken) await takeOver();
          yield batch;
        }
      },
    };
    async function takeOver(): Promise<void> {
      taken = true;
      await jobs.change('a1', job => {
        const parts = job.parts.map(part => ({ ...part, lease: { worker: 'other', untilMs: 0 } }));
        return { body: { ...job, parts }, result: true };
      });
      expect(await run(environment)).toMatchObject({ state: 'done' });
    }
    const job = await run(slow);
    expect(job).toMatchObject({ state: 'done', report: { written: 10 } });
    expect(await filesOf(repository)).toEqual(FILES);
    expect(job.commits).toHaveLength(1);
  });

  it('has several workers at the parts of one job', async () => {
    const { repository, jobs, environment } = await start(ROWS);
    const took = new Map<number, Set<number | undefined>>();
    const workers = [1, 2, 3].map(async worker => {
      const own: RunEnvironment = {
        ...environment,
        parts: 5,
        engine: async function* (options) {
          took.set(worker, (took.get(worker) ?? new Set()).add(options.from as number));
          while (took.size < 2) await repository.runtime.sleep(1);
          yield* smallEngine(ROWS)(options);
        },
      };
      for (;;) {
        const outcome = await runJob(own, { id: 'a1', signal });
        if (outcome.kind === 'ended') return;
        await repository.runtime.sleep(5);
      }
    });
    await Promise.all(workers);
    expect(await filesOf(repository)).toEqual(FILES);
    expect((await jobs.find('a1')).report).toMatchObject({ written: 10 });
    expect([...took.values()].reduce((all, parts) => all.union(parts)).size).toBe(5);
  });
});
