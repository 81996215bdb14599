import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { Runtime } from '../core/runtime.ts';
import { summaryOf } from '../import/job/job-summary.ts';
import { runJob } from '../import/job/run-job.ts';
import type { Service } from '../lazy/app.ts';
import { importGuard } from '../lazy/import-guard.ts';
import { peakMemoryBytes } from '../lazy/import-load.ts';
import { openImportRuns } from '../lazy/import-runs.ts';
import { pushGround } from '../lazy/push-runs.ts';
import { leaseWiki } from '../lazy/wiki-by-uuid.ts';
import { ImportTurns, type WaitingImport } from './import-turns.ts';
import { runnableImports, wikisWithImports } from './import-waiting.ts';
import { freeLeases, ownWorker } from './import-worker.ts';

export interface ImportRunnerOptions {
  config: Config;
  projections: ProjectionSettings;
  runtime: Runtime;
  log: Logger;
  /** How often imports are looked for whose worker has died, or that wait for another try. Default 10 s. */
  lookEveryMs?: number;
  /** How long an import is worked on until others have a turn. Default 30 s. */
  turnMs?: number;
}

/** Carries the imports of a server out. */
export interface ImportRunner {
  /** There may be another one. */
  wake(): void;
  /** Resolves when there was nothing to do for a while. */
  readonly idle: Promise<void>;
  /** Stops behind the batches that are under way. */
  stop(): Promise<void>;
}

/** So many looks that found nothing, after which it is idle. */
const IDLE_LOOKS = 3;

export function startImportRunner(
  service: Service,
  { config, projections, runtime, log, lookEveryMs = 10_000, turnMs = 30_000 }: ImportRunnerOptions,
): ImportRunner {
  const stopping = new AbortController();
  const { signal } = stopping;
  let woken = Promise.withResolvers<void>();
  const { importJobs, importJobsPerWiki, importWorkers, importBatchBytes } = projections.config;
  const { importUrlAllow: allow, maxImportBytes: maxBytes } = projections.config;
  const timeoutMs = projections.config.importTimeoutHours * 3_600_000;
  const admit = importGuard(config, log, service.store);
  const options = {
    threads: importWorkers,
    batchBytes: importBatchBytes,
    remote: { allow, maxBytes },
    pushes: pushGround(config, projections.config, log),
    worker: ownWorker(),
    timeoutMs,
    ...(admit === undefined ? {} : { admit }),
  };
  const turns = new ImportTurns({ maxJobs: importJobs, maxPerWiki: importJobsPerWiki, run });

  async function run({ uuid, id }: WaitingImport): Promise<boolean> {
    let lease: Awaited<ReturnType<typeof leaseWiki>>;
    try {
      lease = await leaseWiki(service, config, uuid);
      if (lease === undefined) return false;
      const { jobs, environment } = await openImportRuns(
        { config, store: service.store, wiki: lease.wiki },
        options,
      );
      await freeLeases(jobs, id);
      const outcome = await runJob(environment, { id, deadlineMs: runtime.now() + turnMs, signal });
      if (outcome.kind === 'ended')
        log.info('import_ended', { ...summaryOf(outcome.job), peakMemory: peakMemoryBytes() });
      return outcome.kind === 'more';
    } catch (error) {
      log.failure('import_interrupted', error, { import: id });
      return false;
    } finally {
      lease?.release();
    }
  }

  async function look(): Promise<void> {
    const store = await service.store();
    for (const uuid of await wikisWithImports(store)) {
      if (signal.aborted) return;
      const found = await runnableImports(store, uuid, runtime);
      turns.offer(
        uuid,
        found.map(({ id }) => ({ uuid, id })),
      );
    }
  }

  async function loop(): Promise<void> {
    for (let quiet = 0; quiet < IDLE_LOOKS && !signal.aborted; ) {
      woken = Promise.withResolvers();
      await look().catch(error => log.failure('upkeep_failed', error, { work: 'imports' }));
      quiet = turns.isIdle ? quiet + 1 : 0;
      await Promise.race([woken.promise, wait(lookEveryMs, undefined, { signal }).catch(() => undefined)]);
    }
  }

  return {
    wake: () => woken.resolve(),
    idle: loop(),
    async stop() {
      stopping.abort();
      await turns.stop();
    },
  };
}
