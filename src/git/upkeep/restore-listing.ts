import { headOf, type Ledger } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import type { CommitInfo } from '../repository.ts';
import { FileFinder, neededFiles } from './restore-files.ts';
import { ledgerVersions } from './restore-survey.ts';

/** What a ledger comes to in a line. */
export interface LedgerSummary {
  head: string | undefined;
  /** On the main line. */
  commits: number;
}

/** A version of the ledger that can be restored, or why not. */
export interface DescribedVersion {
  id: string;
  modifiedMs: number;
  isCurrent: boolean;
  isDeleted: boolean;
  /** Code of the error when it cannot be read. */
  problem: string | undefined;
  /** Absent for a deletion and for what cannot be read. */
  content: VersionContent | undefined;
}

export interface VersionContent extends LedgerSummary {
  /** Keys of its files that were deleted and are kept as older versions. */
  deleted: string[];
  /** Keys of its files that nothing can bring back. */
  gone: string[];
}

/** The newest versions that are kept and were stored before `beforeMs` (default: any), newest first. */
export async function* describeVersions(
  repository: LedgerRepository,
  { limit, beforeMs = Number.POSITIVE_INFINITY }: { limit: number; beforeMs?: number | undefined },
): AsyncGenerator<DescribedVersion> {
  const finder = new FileFinder(repository);
  let count = 0;
  for await (const version of ledgerVersions(repository, ({ modifiedMs }) => modifiedMs < beforeMs)) {
    const { id, modifiedMs, isCurrent, isDeleted, problem, ledger } = version;
    const content = ledger && (await describeContent(ledger, finder, repository.runtime.now()));
    yield { id, modifiedMs, isCurrent, isDeleted, problem, content };
    count += 1;
    if (count >= limit) return;
  }
}

async function describeContent(ledger: Ledger, finder: FileFinder, nowMs: number): Promise<VersionContent> {
  const files = await finder.locate(neededFiles(ledger, nowMs));
  const keysOf = (kind: 'kept' | 'gone') =>
    files.filter(({ source }) => source.kind === kind).map(({ key }) => key);
  return { ...summarize(ledger), deleted: keysOf('kept'), gone: keysOf('gone') };
}

export function summarize(ledger: Ledger): LedgerSummary {
  const { oid, ordinal } = headOf(ledger);
  return { head: oid, commits: ordinal + 1 };
}

/**
 * Commits that the ledger `before` has and `after` has not, newest first, at most `limit`. Of histories that went apart, what
 * is newest in `before`.
 */
export async function commitsBetween(
  repository: LedgerRepository,
  before: Ledger,
  after: Ledger,
  limit: number,
): Promise<CommitInfo[]> {
  const commits: CommitInfo[] = [];
  const end = headOf(after).oid;
  const kept = repository.viewOf(after);
  for await (const { commit } of repository.viewOf(before).log()) {
    if (commits.length >= limit || commit.oid === end) break;
    if ((await kept.commit(commit.oid)) !== undefined) break;
    commits.push(commit);
  }
  return commits;
}
