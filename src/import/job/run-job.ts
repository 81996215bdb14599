import { randomId } from '../../core/runtime.ts';
import { refuseTooManyRows } from './count-rows.ts';
import type { Job } from './job.ts';
import { planned, released } from './run-changes.ts';
import { commitStep } from './run-commit.ts';
import type { OpenJob, RunEnvironment, RunOutcome } from './run-environment.ts';
import { importOverdue, importStuck, isFinal, LeaseLost } from './run-errors.ts';
import { jobPrefix, removeWorkFiles } from './run-files.ts';
import { changeJob, LEASE_MS, type Working, withLease } from './run-lease.ts';
import { runHistory, runPart, runPush } from './run-part.ts';
import { endFailed } from './run-settle.ts';
import { claimStep, type Step } from './run-steps.ts';

export interface RunOptions {
  id: string;
  /** Then it stops behind the batch that is under way, in runtime milliseconds. Default: never. */
  deadlineMs?: number;
  signal: AbortSignal;
}

/**
 * Does what is to be done of a job, until it has ended, others have the rest of it, or the time is over. Any number of workers may be
 * at one job, and each may end at any moment: what it had is taken over when its lease runs out.
 * @throws what may be otherwise next time: of the store, of a thread that died
 */
export async function runJob(environment: RunEnvironment, options: RunOptions): Promise<RunOutcome> {
  const { runtime } = environment.repository;
  const { id, signal, deadlineMs = Number.POSITIVE_INFINITY } = options;
  const working: Working = {
    environment,
    id,
    worker: (environment.worker ?? '') + randomId(runtime),
    signal,
  };
  const isOver = () => signal.aborted || runtime.now() >= deadlineMs;
  const opened = openOnce(working);
  try {
    for (;;) {
      if (isOver()) return await handOver(working);
      const { step, job } = await claim(working);
      if (step.kind === 'ended') return { kind: 'ended', job: await swept(working, job) };
      if (step.kind === 'wait') return { kind: 'waiting', untilMs: step.untilMs };
      await carryOut(working, { step, job, opened: opened.get, isOver }).catch(error =>
        settle(working, error),
      );
    }
  } catch (error) {
    await handOver(working).catch(() => undefined);
    if (signal.aborted) return { kind: 'more' };
    throw error;
  } finally {
    await opened.close();
  }
}

interface Doing {
  step: Step;
  job: Job;
  opened(job: Job): Promise<OpenJob>;
  isOver(): boolean;
}

async function carryOut(working: Working, doing: Doing): Promise<void> {
  const { step, job, opened, isOver } = doing;
  if (step.kind === 'stuck') throw importStuck(job.attempts ?? 0);
  refuseOverdue(working, job);
  if (step.kind === 'plan') return await plan(working, doing);
  const open = await opened(job);
  if (open.kind === 'history') return await runHistory(working, open);
  if (open.kind === 'push') return await runPush(working, open);
  const { source, sources } = open;
  if (step.kind === 'commit')
    return await commitStep(working, { job, pending: step.pending, source, sources });
  if (step.kind !== 'part') return undefined;
  const afterBatch = async ({ options }: Job) => {
    if (options.commitPages === undefined) return;
    const next = await claim(working, true);
    if (next.step.kind === 'commit')
      await commitStep(working, { job: next.job, pending: next.step.pending, source, sources });
  };
  await runPart(working, open, { index: step.index, job }, { isOver, afterBatch });
}

/** @throws KittiwakeError `import_overdue` */
function refuseOverdue({ environment }: Working, { startedMs }: Job): void {
  const { repository, timeoutMs } = environment;
  if (timeoutMs === undefined || startedMs === undefined) return;
  if (repository.runtime.now() - startedMs > timeoutMs) throw importOverdue(timeoutMs);
}

/** @throws LeaseLost when others were faster */
async function plan(working: Working, { job, opened }: Doing): Promise<void> {
  const { repository, admit, accessOf, parts = 1 } = working.environment;
  await withLease(working, undefined, async signal => {
    const { collections } = await repository.ledger(0);
    await accessOf(job.principal);
    if (job.options.format !== 'push') await admit?.(job);
    const open = await opened(job);
    const { maxRows } = job.options;
    const rows = open.kind === 'rows' ? open : undefined;
    if (rows && maxRows !== undefined) await refuseTooManyRows(rows.source, maxRows, signal);
    const bytesTotal = open.kind === 'rows' ? open.source.bytesTotal : open.bytesTotal;
    const left = rows?.left ?? [];
    const ranges = (await rows?.parts(parts)) ?? [{}];
    const nowMs = repository.runtime.now();
    await changeJob(working, current =>
      planned(current, working.worker, { nowMs, bytesTotal, collections, left, parts: ranges }),
    );
  });
}

/** @param onlyCommit nothing but a commit that is due is taken */
async function claim(working: Working, onlyCommit = false): Promise<{ step: Step; job: Job }> {
  const { environment, id, worker } = working;
  const { repository, jobs, leaseMs = LEASE_MS } = environment;
  const { head } = await repository.view({ maxAgeMs: 0 });
  const { runtime } = repository;
  const requestId = randomId(runtime);
  return await jobs.change(id, job => {
    const claimed = claimStep(job, { worker, nowMs: runtime.now(), leaseMs, head, requestId, onlyCommit });
    const { body, result: step } = claimed;
    return body === undefined ? { result: { step, job } } : { body, result: { step, job: body } };
  });
}

/** What is final ends the job; who lost a lease looks what else there is to do. */
async function settle(working: Working, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) return;
  if (working.signal.aborted || !isFinal(error)) throw error;
  await endFailed(working, error);
}

async function handOver(working: Working): Promise<RunOutcome> {
  await changeJob(working, job => released(job, working.worker));
  return { kind: 'more' };
}

/** Removes what only an unfinished job needs. */
async function swept(working: Working, job: Job): Promise<Job> {
  if (job.isSwept === true) return job;
  const { store, uuid } = working.environment.repository;
  await removeWorkFiles(store, jobPrefix(uuid, job.id));
  return await changeJob(working, current => ({ ...current, isSwept: true }));
}

/** The source is opened by the first step that needs it. */
function openOnce({ environment, signal }: Working) {
  let opening: Promise<OpenJob> | undefined;
  return {
    async get(job: Job): Promise<OpenJob> {
      opening ??= environment.open(job, signal);
      return await opening;
    },
    async close(): Promise<void> {
      await opening?.then(open => open.close()).catch(() => undefined);
    },
  };
}
