import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sourceMissing } from '../import/errors.ts';
import type { Job, JobOptions, JobSource } from '../import/job/job.ts';
import { runJob } from '../import/job/run-job.ts';
import type { Service } from '../lazy/app.ts';
import { importGuard } from '../lazy/import-guard.ts';
import { type ImportRuns, openImportRuns } from '../lazy/import-runs.ts';
import type { Call } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { jobOptions, partsOf, threadsOf } from './import-flags.ts';
import { printOutcome, writeErrors } from './import-outcome.ts';
import { ImportProgressLine } from './import-progress.ts';
import { freeLeases, ownWorker } from './import-worker.ts';
import { createLog } from './open-service.ts';
import { keepHeapSmall } from './small-heap.ts';

/** How long to wait at most before it is asked again what others, who are at the same job, have left. */
const ASK_MS = 500;

/**
 * Imports a file by a job: one that is stopped, or killed, goes on from its last checkpoint.
 * @returns the exit code
 * @throws KittiwakeError `source_missing`, `usage`, `pipeline_invalid`
 */
export async function importFile(path: string, service: Service, call: Call): Promise<number> {
  const { isFolder, source } = await localSource(path);
  const given = await jobOptions(call);
  const options: JobOptions = isFolder ? { ...given, format: 'markdown' } : given;
  const runs = await openRuns(service, call, source.bytes);
  const unfinished = await runs.jobs.unfinished();
  const known = unfinished.find(job => isOf(job, source) && isDeepStrictEqual(job.options, options));
  if (known !== undefined) call.terminal.say(`Going on with the import ${known.id}, which was stopped`);
  return await carryOut(known ?? (await makeJob(runs, source, options)), runs, call);
}

/** Goes on with a job. Returns the exit code. @throws KittiwakeError `import_not_found` */
export async function resumeImport(id: string, service: Service, call: Call): Promise<number> {
  const { source } = await (await openRuns(service, call, 0)).jobs.read(id);
  const runs = await openRuns(service, call, 'bytes' in source ? source.bytes : 0);
  return await carryOut(await runs.jobs.read(id), runs, call);
}

export async function openRuns(service: Service, call: Call, bytes: number): Promise<ImportRuns> {
  keepHeapSmall();
  const { config, projections } = call;
  const {
    importBatchBytes: batchBytes,
    importUrlAllow: allow,
    maxImportBytes: maxBytes,
  } = projections.config;
  const admit = importGuard(config, createLog(call), service.store);
  const options = {
    threads: threadsOf(call, bytes),
    parts: partsOf(call),
    worker: ownWorker(),
    batchBytes,
    remote: { allow, maxBytes },
    ...(admit === undefined ? {} : { admit }),
  };
  return await openImportRuns({ config, store: service.store, wiki: service }, options);
}

type LocalSource = Extract<JobSource, { kind: 'local' }>;

async function localSource(path: string): Promise<{ isFolder: boolean; source: LocalSource }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw sourceMissing(path);
  const isFolder = found.isDirectory();
  const full = resolve(path);
  const of = isFolder ? { bytes: 0 } : { bytes: found.size, modifiedMs: Math.trunc(found.mtimeMs) };
  return { isFolder, source: { kind: 'local', path: full, name: basename(full), ...of } };
}

function isOf({ source }: Job, wanted: LocalSource): boolean {
  if (source.kind !== 'local' || source.path !== wanted.path) return false;
  return source.bytes === wanted.bytes && source.modifiedMs === wanted.modifiedMs;
}

async function makeJob(
  { jobs, environment }: ImportRuns,
  source: JobSource,
  options: JobOptions,
): Promise<Job> {
  const { head } = await environment.repository.view({ maxAgeMs: 0 });
  const made = await jobs.create(() => ({
    state: 'queued',
    principal: COMMAND_LINE,
    source,
    options,
    ...(head === undefined ? {} : { baseHead: head }),
  }));
  return made.job;
}

async function carryOut({ id }: Job, runs: ImportRuns, call: Call): Promise<number> {
  const { runtime, terminal, signal, options, projections } = call;
  const startMs = runtime.now();
  const progress = new ImportProgressLine(terminal, runtime, projections.config.importProgressMs);
  try {
    await freeLeases(runs.jobs, id);
    const job = await runToEnd(id, runs, call, progress);
    progress.end();
    const errors = options.get('--errors');
    if (errors !== undefined) await writeErrors(job, runs, errors);
    const { head } = await runs.environment.repository.view({ maxAgeMs: 0 });
    return printOutcome(job, head, runtime.now() - startMs, terminal);
  } catch (error) {
    progress.end();
    if (signal.aborted)
      terminal.say(`What was read so far is kept: go on with "kittiwake import --resume ${id}"`);
    throw error;
  }
}

/** @throws the signal's reason when it was stopped */
async function runToEnd(
  id: string,
  { jobs, environment }: ImportRuns,
  { runtime, signal }: Call,
  progress: ImportProgressLine,
): Promise<Job> {
  const onProgress: typeof environment.onProgress = (job, committing) => progress.show(job, committing);
  for (;;) {
    const outcome = await runJob({ ...environment, onProgress }, { id, signal });
    if (outcome.kind === 'ended') return outcome.job;
    signal.throwIfAborted();
    if (outcome.kind === 'more') continue;
    await runtime.sleep(Math.min(ASK_MS, Math.max(0, outcome.untilMs - runtime.now())));
    signal.throwIfAborted();
    progress.show(await jobs.read(id));
  }
}
