import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BulkCounts, BulkResult } from '../../git/bulk/bulk.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../../wiki/access.ts';
import { quotaBytes, quotaPages } from '../../wiki/errors.ts';
import type { RowSource } from '../source.ts';
import type { Job, JobReport, PendingCommit } from './job.ts';
import { committed, withPending } from './run-changes.ts';
import { createDecider, refuseBy } from './run-decide.ts';
import { LeaseLost, rowFailed } from './run-errors.ts';
import { jobPrefix } from './run-files.ts';
import { changeJob, leaseFrom, type Working, withLease } from './run-lease.ts';
import { LeftRows } from './run-left.ts';
import { endCancelled } from './run-settle.ts';

/** What is to be committed, by the worker that holds the job's lease. */
export interface CommitStep {
  job: Job;
  pending: PendingCommit;
  source: RowSource;
  /** Names of all sources, by their number in runs. */
  sources: readonly string[];
}

/**
 * Commits the runs that were made so far. One commit lands, however often it is begun.
 * @throws KittiwakeError `pages_exist`, `row_failed`, `quota_pages`, `quota_bytes`; those of a bulk commit
 */
export async function commitStep(working: Working, step: CommitStep): Promise<void> {
  const { repository, scratch } = working.environment;
  const nowMs = () => repository.runtime.now();
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, 'import-'));
  const left = new LeftRows(folder, step);
  try {
    await withLease(working, undefined, async signal => {
      const { told, result } = await commitRuns(working, step, { folder, left, signal });
      await changeJob(working, job => committed(job, told, result.commit, nowMs()));
    });
  } catch (error) {
    if (error instanceof LeaseLost) await endCancelled(working);
    throw error;
  } finally {
    left.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Means {
  folder: string;
  left: LeftRows;
  signal: AbortSignal;
}

async function commitRuns(
  working: Working,
  { job, pending }: CommitStep,
  { folder, left, signal }: Means,
): Promise<{ told: PendingCommit; result: BulkResult }> {
  const { repository, accessOf, author, commit, onProgress } = working.environment;
  const runs = job.parts.flatMap((part, index) => part.runs.slice(0, pending.runs[index]));
  if (runs.length === 0)
    return {
      told: { ...pending, report: reportOf(NOTHING) },
      result: { commit: undefined, counts: NOTHING },
    };
  const access = await accessOf(job.principal);
  const decider = createDecider(job.options.existing, job.baseHead);
  const tell = async (counts: BulkCounts): Promise<PendingCommit> => {
    const errorFile = await left.store(repository, jobPrefix(repository.uuid, job.id));
    const failures = { failures: left.first, ...(errorFile === undefined ? {} : { errorFile }) };
    return { ...pending, report: reportOf(counts), ...failures };
  };
  let preferences: Permits['preferences'];
  const refuse = ({ refused }: BulkCounts) => {
    decider.check();
    const [first = UNNAMED] = left.first;
    if (job.options.onError === 'fail' && refused > 0) throw rowFailed(first);
  };
  const result = await commit({
    repository,
    runs,
    collections: job.collections ?? 0,
    decide: decider.decide,
    refuse: refuseBy(access),
    async check(view, counts) {
      const permits = access(view.policy);
      preferences = permits.preferences;
      await checkQuota(permits, view, counts, contentBytes(job));
      refuse(counts);
      // Making a commit may take minutes, in which a token or a user has ended.
      await accessOf(job.principal);
      const told = await tell(counts);
      await changeJob(working, current => withPending(current, leaseFrom(working), told));
    },
    onLeft: (row, why) => left.add(row, why),
    onRestart() {
      left.clear();
      decider.restart();
    },
    message: counts => messageOf(job, counts, preferences),
    author: job.options.author ?? job.principal.author ?? author,
    requestId: pending.requestId,
    since: pending.since,
    scratch: folder,
    progress: (done, total) => onProgress?.(job, { done, total }),
    signal,
  });
  if (result.commit === undefined) refuse(result.counts);
  // Those that were left out because of what others wrote meanwhile are told behind the landing.
  return { told: result.isRepeated === true ? pending : await tell(result.counts), result };
}

/** Of what others wrote meanwhile it is not known yet which row it concerns. */
const UNNAMED = { origins: [], code: 'path_clash', message: 'others wrote where it belongs' };

const NOTHING: BulkCounts = {
  written: 0,
  pages: 0,
  unchanged: 0,
  kept: 0,
  replaced: 0,
  refused: 0,
  pagesAfter: 0,
};

function reportOf({ written, pages, unchanged, kept, replaced, refused }: BulkCounts): JobReport {
  const attachments = written - pages;
  return {
    written: pages,
    attachments,
    unchanged,
    skipped: kept,
    merged: replaced,
    failed: refused,
    failures: [],
  };
}

function messageOf(
  { options, source, commits }: Job,
  { written, pages }: BulkCounts,
  preferences: Permits['preferences'],
): string {
  const isTaken = preferences?.commitMessage !== 'DISABLED';
  if (isTaken && options.message !== undefined) return options.message;
  const turn = options.commitPages === undefined ? '' : `, commit ${commits.length + 1}`;
  return `[import] ${source.name}: ${pages} pages, ${written - pages} other files${turn}`;
}

function contentBytes({ parts }: Job): number {
  return parts.reduce((sum, { counts }) => sum + counts.contentBytes, 0);
}

/** As of any other write: what is added counts as it is, before it is packed. */
async function checkQuota(
  { limits }: Permits,
  view: View,
  { written, pagesAfter }: BulkCounts,
  bytes: number,
): Promise<void> {
  const { pages: maxPages = 0, bytes: maxBytes = 0 } = limits ?? {};
  if (written === 0 || (maxPages <= 0 && maxBytes <= 0)) return;
  const used = await view.usage();
  if (maxPages > 0 && pagesAfter > maxPages && pagesAfter > used.pages)
    throw quotaPages(maxPages, used.pages);
  if (maxBytes > 0 && used.bytes + bytes > maxBytes) throw quotaBytes(maxBytes, used.bytes);
}
