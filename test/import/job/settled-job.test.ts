import { expect, it } from 'vitest';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { openRepository } from '../../../src/git/open.ts';
import type { Job } from '../../../src/import/job/job.ts';
import type { RunEnvironment } from '../../../src/import/job/run-environment.ts';
import { runJob } from '../../../src/import/job/run-job.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { isPageFile } from '../../../src/wiki/name/page-path.ts';
import { newRepository } from '../../support/repository.ts';
import { lateLedger } from './late-ledger.ts';
import { filesOf, type SmallRow, smallEnvironment, smallJob, smallJobs } from './small-import.ts';

const UUID = '0123456789abcdef0123456789abcdef';
const ROWS = Array.from({ length: 4 }, (_, n): SmallRow => [`docs/p${n}.md`, `text ${n}`]);
const FILES = Object.fromEntries(ROWS as [string, string][]);
const LEASE_MS = 20;

/** A worker that was killed while the swap of its commit was under way, and what the next one has. */
async function killedWhileLanding(lands: boolean) {
  const store = createMemoryByteStore();
  const repository = await newRepository({ store, uuid: UUID, isPage: isPageFile });
  const jobs = await smallJobs(repository, smallJob());
  const late = lateLedger(store, lands);
  const killed = new AbortController();
  let aheadMs = 0;
  const runtime = { ...systemRuntime, now: () => systemRuntime.now() + aheadMs };
  const seen = openRepository({ store: late.store, uuid: UUID, runtime, isPage: isPageFile });
  const dying = { ...smallEnvironment(seen, await smallJobs(seen), ROWS), leaseMs: LEASE_MS };
  const ended = runJob(dying, { id: 'a1', signal: killed.signal }).catch(() => undefined);
  await late.sent;
  const environment: RunEnvironment = { ...smallEnvironment(repository, jobs, ROWS), leaseMs: LEASE_MS };
  const kill = async () => {
    killed.abort();
    late.kill();
    // What it still waits for is over.
    aheadMs = 3_600_000;
    await ended;
  };
  return { repository, jobs, environment, late, kill };
}

async function runOn(environment: RunEnvironment): Promise<Job> {
  for (;;) {
    const outcome = await runJob(environment, { id: 'a1', signal: new AbortController().signal });
    if (outcome.kind === 'ended') return outcome.job;
    await systemRuntime.sleep(5);
  }
}

const refusing: Pick<RunEnvironment, 'accessOf'> = {
  accessOf: async () => {
    throw new KittiwakeError('auth_invalid', 'The token has ended');
  },
};

it.each([
  { what: 'was cancelled', change: (job: Job) => ({ ...job, cancelRequested: true }), more: {} },
  { what: 'took too long', change: (job: Job) => ({ ...job, startedMs: 1 }), more: { timeoutMs: 1_000 } },
  { what: 'was tried too often', change: (job: Job) => ({ ...job, attempts: 30 }), more: {} },
  { what: 'may not write any more', change: (job: Job) => ({ ...job }), more: refusing },
])('an import whose commit had landed is done, also when it $what', async ({ change, more }) => {
  const { repository, jobs, environment, kill } = await killedWhileLanding(true);
  await kill();
  await jobs.change('a1', job => ({ body: change(job), result: true }));
  const job = await runOn({ ...environment, ...more });
  const { head } = await repository.view({ maxAgeMs: 0 });
  expect(job).toMatchObject({ state: 'done', commits: [head], report: { written: 4 } });
  expect(await filesOf(repository)).toEqual(FILES);
});

it.each([
  { state: 'cancelled', change: (job: Job) => ({ ...job, cancelRequested: true }), more: {} },
  { state: 'failed', change: (job: Job) => ({ ...job }), more: refusing },
])('the commit of an import that is $state does not land later', async ({ state, change, more }) => {
  const { repository, jobs, environment, late, kill } = await killedWhileLanding(false);
  await kill();
  await jobs.change('a1', job => ({ body: change(job), result: true }));
  const job = await runOn({ ...environment, ...more });
  expect(job).toMatchObject({ state, commits: [] });
  expect(await late.arrive()).toBe('conflict');
  expect(await filesOf(repository)).toEqual({});
});

it('an import lands once when the answer to its swap is lost, and when the swap comes late', async () => {
  for (const lands of [true, false]) {
    const store = createMemoryByteStore();
    const repository = await newRepository({ store, uuid: UUID, isPage: isPageFile });
    const jobs = await smallJobs(repository, smallJob());
    const late = lateLedger(store, lands);
    const seen = openRepository({
      store: late.store,
      uuid: UUID,
      runtime: systemRuntime,
      isPage: isPageFile,
    });
    const running = runOn(smallEnvironment(seen, jobs, ROWS));
    await late.sent;
    late.lose();
    expect(await running).toMatchObject({ state: 'done', report: { written: 4 } });
    expect(await late.arrive()).toBe('conflict');
    expect(await filesOf(repository)).toEqual(FILES);
    expect(await Array.fromAsync((await repository.view({ maxAgeMs: 0 })).log())).toHaveLength(1);
  }
});
