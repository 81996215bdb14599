import type { WalkedCommit } from '../history/history-walk.ts';
import { walkHistory } from '../history/history-walk.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import { Connectivity } from './connectivity.ts';
import { notFastForward } from './errors.ts';
import type { LandOptions, RefUpdate } from './incoming.ts';
import { checkTarget } from './ref-updates.ts';
import type { WikiObjects } from './wiki-objects.ts';

/** What is to be done for some updates: it rests on the head of one version alone. */
export interface LandingPlan {
  options: LandOptions;
  wiki: WikiObjects;
  reached: Connectivity;
  updates: readonly RefUpdate[];
  /** The new head; undefined: the main line stays. */
  head: Oid | undefined;
  /** Those that the main line gets, newest first. */
  commits: readonly WalkedCommit[];
}

/**
 * Makes sure that everything is there, well-formed and a continuation of the main line.
 * @throws KittiwakeError as `landCommits`
 */
export async function planLanding(
  options: LandOptions,
  wiki: WikiObjects,
  updates: readonly RefUpdate[],
): Promise<LandingPlan> {
  const reached = new Connectivity(options.objects, wiki, options.signal);
  const main = updates.find(({ ref }) => ref === MAIN_REF);
  // Cheap, and what mostly ends a push: before its trees are read.
  const commits = main?.after === undefined ? [] : await newCommits(reached, wiki, main.after);
  for (const { ref, after } of updates)
    if (after !== undefined) checkTarget(ref, await reached.follow(after));
  await reached.checkTrees();
  return { options, wiki, reached, updates, head: main?.after, commits };
}

/** @throws KittiwakeError `not_fast_forward` */
async function newCommits(
  reached: Connectivity,
  { view }: WikiObjects,
  head: Oid,
): Promise<readonly WalkedCommit[]> {
  checkTarget(MAIN_REF, await reached.follow(head));
  // It is an older commit of the main line.
  if (view.head !== undefined && !reached.commits.has(head)) throw notFastForward(MAIN_REF, view.head, head);
  const commits = await walkHistory({
    head,
    firstOrdinal: view.ordinal + 1,
    base: view.head,
    read: async oid => reached.commits.get(oid),
  });
  const [newest] = commits;
  if (view.head === undefined) return commits;
  if (newest === undefined) throw notFastForward(MAIN_REF, view.head, head);
  const first = commits.find(({ ordinal }) => ordinal === view.ordinal + 1);
  if (first?.parent !== view.head) throw notFastForward(MAIN_REF, view.head, head);
  return commits;
}
