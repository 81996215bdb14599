import { mkdirSync } from 'node:fs';
import { isKittiwakeError } from '../core/errors.ts';
import type { MetricValues } from '../core/metrics.ts';
import { readProjectionSettings } from '../core/projection-config.ts';
import { type JobSummary, summaryOf } from '../import/job/job-summary.ts';
import type { RunOutcome } from '../import/job/run-environment.ts';
import { runJob } from '../import/job/run-job.ts';
import { type Wake, wakeJob, wakenName, wakeOf } from '../import/job/wakes.ts';
import { importGuard } from '../lazy/import-guard.ts';
import { peakMemoryBytes, watchFolder } from '../lazy/import-load.ts';
import { openImportRuns } from '../lazy/import-runs.ts';
import { pushGround } from '../lazy/push-runs.ts';
import { type LeasedWiki, leaseWiki } from '../lazy/wiki-by-uuid.ts';
import type { ImportContext } from './import-context.ts';
import type { HandlerOptions, OpenedService } from './open-service.ts';

export interface ServeOptions extends HandlerOptions {
  context: ImportContext;
  /** For temporary files: of this process alone. */
  scratch: string;
}

/** What is kept back of a run, at most, so that a batch which is under way can end. */
const BATCH_MS = 60_000;
/** What is kept back to hand over, at most: a commit that is not done by then begins anew in the next run. */
const HAND_OVER_MS = 15_000;
/** Where there are many wikis, others have a turn after it. */
const TURN_MS = 120_000;

/**
 * Works on the job that a wake is for until it has ended or the time is over; then another wake is written first, and this one removed.
 * What has ended, is not there any more or is worked on by others is served at once.
 * @throws what may be otherwise when the message comes again
 */
export async function serveWake(opened: OpenedService, key: string, options: ServeOptions): Promise<void> {
  const wake = wakeOf(key);
  if (wake === undefined) return opened.log.debug('message_ignored', {});
  const store = await opened.service.store();
  const lease = await leaseWiki(opened.service, opened.config, wake.uuid, await wakenName(store, key));
  try {
    if (lease !== undefined) await runOnce(opened, lease, wake, options);
    else opened.log.warn('import_ignored', { import: wake.id, uuid: wake.uuid });
    await store.delete([key]);
  } finally {
    lease?.release();
  }
}

async function runOnce(
  opened: OpenedService,
  { wiki, name }: LeasedWiki,
  { uuid, id }: Wake,
  options: ServeOptions,
): Promise<void> {
  await opened.service.observe('import', async tell => {
    tell({ import: id, ...(name === undefined ? {} : { wiki: name }) });
    mkdirSync(options.scratch, { recursive: true });
    const scratch = watchFolder(options.scratch);
    let outcome: RunOutcome | undefined;
    try {
      outcome = await run(opened, wiki, id, options);
      if (outcome?.kind === 'more') {
        const store = await opened.service.store();
        await wakeJob({ store, uuid, name, runtime: options.runtime }, id);
      }
    } finally {
      const peaks = { ImportPeakMemory: peakMemoryBytes(), ImportScratchBytes: scratch.stop() };
      const summary = outcome?.kind === 'ended' ? summaryOf(outcome.job) : undefined;
      const isFailure = outcome === undefined || isFailed(summary);
      tell(
        { run: outcome?.kind ?? 'failed', peakMemory: peaks.ImportPeakMemory, ...summary },
        { isFailure, more: { ...peaks, ...metricsOf(outcome, summary) } },
      );
    }
  });
}

/** One that is not there any more has ended. */
async function run(
  { service, config, log }: OpenedService,
  wiki: LeasedWiki['wiki'],
  id: string,
  { env, runtime, context, scratch }: ServeOptions,
): Promise<RunOutcome> {
  const { config: settings } = readProjectionSettings({ env });
  const admit = importGuard(config, log, service.store);
  const { environment } = await openImportRuns(
    { config, store: service.store, wiki },
    {
      threads: settings.importWorkers,
      batchBytes: settings.importBatchBytes,
      remote: { allow: settings.importUrlAllow, maxBytes: settings.maxImportBytes },
      pushes: pushGround(config, settings, log),
      timeoutMs: settings.importTimeoutHours * 3_600_000,
      scratch,
      ...(admit === undefined ? {} : { admit }),
    },
  );
  const { softMs, hardMs } = boundsOf(context.getRemainingTimeInMillis(), config.tenants.kind !== 'none');
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), hardMs);
  try {
    return await runJob(environment, { id, deadlineMs: runtime.now() + softMs, signal: stopping.signal });
  } catch (error) {
    if (isKittiwakeError(error, 'import_not_found')) return { kind: 'waiting', untilMs: runtime.now() };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** When to stop behind a batch, and when to stop whatever is under way. */
function boundsOf(leftMs: number, isOneOfMany: boolean): { softMs: number; hardMs: number } {
  const softMs = leftMs - Math.min(BATCH_MS, leftMs / 4);
  const hardMs = Math.max(0, leftMs - Math.min(HAND_OVER_MS, leftMs / 8));
  return { softMs: isOneOfMany ? Math.min(softMs, TURN_MS) : softMs, hardMs };
}

/** What no change of the source would have helped. */
const OWN_FAILURES = ['import_stuck', 'import_overdue'];

function isFailed({ code }: Partial<JobSummary> = {}): boolean {
  return code !== undefined && OWN_FAILURES.includes(code);
}

function metricsOf(outcome: RunOutcome | undefined, summary: JobSummary | undefined): MetricValues {
  if (outcome === undefined) return { ImportsFailed: 1 };
  if (summary === undefined) return {};
  const { state, rows, rowsPerSecond, tookMs = 0 } = summary;
  if (state === 'failed') return isFailed(summary) ? { ImportsFailed: 1 } : { ImportsRefused: 1 };
  if (state !== 'done') return {};
  return { ImportRows: rows, ImportSeconds: tookMs / 1000, ImportRowsPerSecond: rowsPerSecond };
}
