import { IncomingObjects } from '../git/incoming/incoming-objects.ts';
import { landCommits } from '../git/incoming/land-commits.ts';
import type { LedgerRepository } from '../git/open.ts';
import { conflictAbsent } from './errors.ts';
import type { KeptConflict, Remote } from './remote.ts';
import { foundIn, type Remotes, updateRemote } from './remotes.ts';

/** Side branches that are kept and not told any more; the oldest are told again. */
const MAX_SETTLED = 100;

export interface Settlement {
  /** The name of the remote. */
  name: string;
  /** Of the conflict: see {@link conflictId}. */
  id: string;
  /** Removes the side branch, too, and so what no other history holds. */
  deletesBranch: boolean;
}

/** By what a conflict is named: the last part of its side branch. */
export function conflictId({ ref }: Pick<KeptConflict, 'ref'>): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/**
 * Tells of a conflict no more. When this stops on the way, the conflict is still there and can be settled again.
 * @throws KittiwakeError `remote_not_found`, `remote_conflict_absent`; `ref_moved` when somebody has moved the side branch that is to
 *   go; those of `Swap.submit`
 */
export async function settleConflict(
  { remotes, repository }: { remotes: Remotes; repository: LedgerRepository },
  { name, id, deletesBranch }: Settlement,
): Promise<Remote> {
  const kept = conflictOf(foundIn(await remotes.list(), name), id);
  if (deletesBranch) await removeBranch(repository, kept);
  return await updateRemote(remotes, name, before => settled(before, kept, deletesBranch));
}

/** @throws KittiwakeError `remote_conflict_absent` */
export function conflictOf({ name, status }: Remote, id: string): KeptConflict {
  const found = status.conflicts.find(each => conflictId(each) === id);
  if (found === undefined) throw conflictAbsent(name, id);
  return found;
}

async function removeBranch(repository: LedgerRepository, conflict: KeptConflict): Promise<void> {
  const { ref, ours, theirs } = conflict;
  const { ledger } = await repository.view({ maxAgeMs: 0 });
  if (ledger.refs[ref] === undefined) return;
  const before = ours.startsWith(conflictId(conflict)) ? ours : theirs;
  const updates = [{ ref, before, after: undefined }];
  await landCommits({ repository, objects: new IncomingObjects(), updates });
}

function settled({ status, ...remote }: Remote, { ref }: KeptConflict, deletesBranch: boolean): Remote {
  const conflicts = status.conflicts.filter(each => each.ref !== ref);
  const others = (status.settled ?? []).filter(each => each !== ref);
  const kept = deletesBranch ? others : [ref, ...others].slice(0, MAX_SETTLED);
  return { ...remote, status: { ...status, conflicts, settled: kept } };
}
