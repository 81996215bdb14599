import { isKittiwakeError, type KittiwakeError } from '../core/errors.ts';
import type { RefUpdate } from '../git/incoming/incoming.ts';
import type { IncomingObjects } from '../git/incoming/incoming-objects.ts';
import { MAIN_REF } from '../git/ledger/ledger.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import { remoteRewritten, remoteUnrelated } from './errors.ts';
import type { BothHistories } from './merge/both-histories.ts';
import { addMerge, addMergeOfSame, type MergeText } from './merge/merge-commit.ts';
import type { Edits } from './merge/merge-file.ts';
import { mergeTrees, type TreeMerge } from './merge/merge-trees.ts';
import { buildsOn, type Relation, relate } from './merge/relation.ts';
import {
  type KeptConflict,
  MAX_TOLD_CONFLICTS,
  type PathConflict,
  type Pulled,
  type Remote,
} from './remote.ts';

/** Pages that the message of a merge names. */
const MAX_NAMED = 20;

export interface PullPlan {
  updates: readonly RefUpdate[];
  pulled: Pulled;
  /** What is to be told when it has landed: nothing was merged. */
  refusal?: KittiwakeError;
}

interface Wanted {
  remote: Remote;
  theirs: Oid;
  acceptRewritten: boolean;
}

interface Place {
  repository: LedgerRepository;
  incoming: IncomingObjects;
}

/** The side branch that keeps what did not stay: the same for the same commit. */
export function asideRef({ name }: Pick<Remote, 'name'>, oid: Oid): string {
  return `refs/heads/conflicts/${name}/${oid.slice(0, 12)}`;
}

/**
 * What becomes of the wiki, as `histories` show it, by a commit that came; merges are added to what came.
 * @throws KittiwakeError `remote_unrelated`
 */
export async function planPull(wanted: Wanted, place: Place, histories: BothHistories): Promise<PullPlan> {
  const { remote, theirs } = wanted;
  const { head } = histories.view;
  if (head === undefined) {
    const { fresh } = await relate(theirs, histories);
    return moved(undefined, theirs, fresh);
  }
  const relation = await relate(theirs, histories);
  if (relation.shared.includes(head)) return moved(head, theirs, relation.fresh);
  if (relation.base === undefined) throw remoteUnrelated(remote.name, theirs);
  if (!wanted.acceptRewritten && (await isRewritten(remote, relation, histories)))
    return keptAside(wanted, head, place, histories);
  return await merged(wanted, { head, base: relation.base, relation }, place, histories);
}

/** The newest commit of the wiki is one that the other history goes on from. */
function moved(head: Oid | undefined, theirs: Oid, commits: number): PullPlan {
  return {
    updates: [{ ref: MAIN_REF, before: head, after: theirs }],
    pulled: { result: { outcome: 'fast_forward', commits, theirs, head: theirs } },
  };
}

/** Whether what was there before is not what it goes on from. */
async function isRewritten(
  { status }: Remote,
  { shared }: Relation,
  histories: BothHistories,
): Promise<boolean> {
  const { theirs: before } = status;
  if (before === undefined || (await histories.ours(before)) === undefined) return false;
  for (const oid of shared) if (await buildsOn(oid, before, histories)) return false;
  return true;
}

function keptAside(
  { remote, theirs }: Wanted,
  head: Oid,
  { repository }: Place,
  { view }: BothHistories,
): PullPlan {
  const ref = asideRef(remote, theirs);
  const atMs = repository.runtime.now();
  const conflict = { atMs, ours: head, theirs, ref, paths: [], more: 0 };
  return {
    updates: [{ ref, before: view.ledger.refs[ref], after: theirs }],
    pulled: { result: { outcome: 'conflicts', commits: 0, theirs, head }, conflict },
    refusal: remoteRewritten(remote.name, remote.status.theirs ?? '', theirs, ref),
  };
}

async function merged(
  { remote, theirs }: Wanted,
  { head, base, relation }: { head: Oid; base: Oid; relation: Relation },
  place: Place,
  histories: BothHistories,
): Promise<PullPlan> {
  const commits = relation.fresh;
  const oids = [base, head, theirs];
  const [baseTree = '', ours = '', other = ''] = await Promise.all(
    oids.map(async oid => (await histories.commit(oid)).tree),
  );
  if (ours === other) {
    const merge = await addMergeOfSame(head, theirs, place.incoming, histories);
    return {
      ...moved(head, merge, commits),
      pulled: { result: { outcome: 'merged', commits, theirs, head: merge } },
    };
  }
  const { prefer } = remote;
  const trees = await mergeTrees({ base: baseTree, ours, theirs: other, prefer }, histories);
  const { merge, conflicts } = await added(trees, { remote, theirs }, place, histories);
  const main = { ref: MAIN_REF, before: head, after: merge };
  const outcome = conflicts.length > 0 ? 'conflicts' : 'merged';
  const result = { outcome, commits, theirs, head: merge } as const;
  if (conflicts.length === 0) return { updates: [main], pulled: { result } };
  const lost = prefer === 'ours' ? theirs : head;
  const ref = asideRef(remote, lost);
  const before = histories.view.ledger.refs[ref];
  const aside = before === lost ? [] : [{ ref, before, after: lost }];
  const atMs = place.repository.runtime.now();
  const conflict = keptConflict({ atMs, ours: head, theirs, ref, merge }, conflicts);
  return { updates: [main, ...aside], pulled: { result, conflict } };
}

/** Trees that cannot be put together of themselves leave ours as it is, which is better than none of it from then on. */
async function added(
  { edits, conflicts }: TreeMerge,
  { remote, theirs }: Pick<Wanted, 'remote' | 'theirs'>,
  place: Place,
  histories: BothHistories,
): Promise<{ merge: Oid; conflicts: readonly PathConflict[] }> {
  const text = textOf(remote, conflicts, place.repository);
  try {
    return { merge: await addMerge({ edits, theirs, text }, place, histories), conflicts };
  } catch (error) {
    if (!isKittiwakeError(error, 'path_clash')) throw error;
    const all = [...edits.keys()].map(path => ({ path, kind: 'file_and_folder' as const }));
    const none: Edits = new Map();
    const told = { edits: none, theirs, text: textOf(remote, all, place.repository) };
    return { merge: await addMerge(told, place, histories), conflicts: all };
  }
}

function textOf(
  { name, url, prefer }: Remote,
  conflicts: readonly PathConflict[],
  { committer }: LedgerRepository,
): MergeText {
  const lines = [`Merge ${url} (${name})`];
  if (conflicts.length > 0) {
    const side = prefer === 'ours' ? 'of this wiki' : 'that was pulled';
    lines.push('', `Both have changed the same; the version ${side} stays:`);
    lines.push(...conflicts.slice(0, MAX_NAMED).map(({ path }) => `  ${path}`));
    if (conflicts.length > MAX_NAMED) lines.push(`  and ${conflicts.length - MAX_NAMED} more`);
  }
  return { message: `${lines.join('\n')}\n`, author: committer };
}

function keptConflict(
  kept: Omit<KeptConflict, 'paths' | 'more'>,
  conflicts: readonly PathConflict[],
): KeptConflict {
  const paths = conflicts.slice(0, MAX_TOLD_CONFLICTS);
  return { ...kept, paths, more: conflicts.length - paths.length };
}
