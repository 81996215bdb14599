import type { Oid } from '../../git/object/objects.ts';
import { OidSet } from '../../git/object/oid-set.ts';
import type { BothHistories } from './both-histories.ts';

/** Of candidates for the base of a merge; of more, the newest is taken as it is. */
const MAX_CANDIDATES = 30;

export interface Relation {
  /** Commits that the wiki does not have. */
  fresh: number;
  /**
   * The commit that both build on, the newest where there are several; undefined: they have nothing in common, or the
   * wiki has no commit.
   */
  base: Oid | undefined;
  /** Where the history that came leaves that of the wiki: all that both have is these, and what they build on. */
  shared: readonly Oid[];
}

/** How a commit that came stands to the newest one of the wiki. */
export async function relate(theirs: Oid, histories: BothHistories): Promise<Relation> {
  const seen = new OidSet();
  const shared = new Set<Oid>();
  let fresh = 0;
  const waiting = [theirs];
  seen.add(theirs);
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if ((await histories.ours(oid)) !== undefined) {
      shared.add(oid);
      continue;
    }
    fresh += 1;
    for (const parent of (await histories.commit(oid)).parents) if (seen.add(parent)) waiting.push(parent);
  }
  return { fresh, base: await newestOf([...shared], histories), shared: [...shared] };
}

/** True when `newer` is `older`, or builds on it; both are commits of the wiki. */
export async function buildsOn(newer: Oid, older: Oid, histories: BothHistories): Promise<boolean> {
  const target = await histories.ours(older);
  if (target === undefined) return false;
  const seen = new OidSet();
  const waiting = [newer];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (oid === older) return true;
    if (!seen.add(oid)) continue;
    const commit = await histories.ours(oid);
    if (commit === undefined) continue;
    // Of two on the first-parent line the place tells; what stands before the target cannot lead to it.
    if (commit.ordinal >= 0 && target.ordinal >= 0) {
      if (commit.ordinal >= target.ordinal) return true;
      continue;
    }
    waiting.push(...commit.parents);
  }
  return false;
}

/** One on which no other of them builds: after merges in both directions there may be more than one, and any will do. */
async function newestOf(candidates: readonly Oid[], histories: BothHistories): Promise<Oid | undefined> {
  const infos = await Promise.all(
    candidates.map(async oid => {
      const commit = await histories.ours(oid);
      return { oid, ordinal: commit?.ordinal ?? -1, seconds: commit?.committer.seconds ?? 0 };
    }),
  );
  infos.sort((a, b) => b.ordinal - a.ordinal || b.seconds - a.seconds);
  if (infos.length > MAX_CANDIDATES) return infos[0]?.oid;
  for (const { oid } of infos) {
    const others = infos.filter(each => each.oid !== oid);
    const isOld = await Promise.all(others.map(each => buildsOn(each.oid, oid, histories)));
    if (!isOld.includes(true)) return oid;
  }
  return infos[0]?.oid;
}
