import type { Commit, Oid } from '../object/objects.ts';

type Find = (oid: Oid) => PromiseLike<{ ordinal: number } | undefined> | { ordinal: number } | undefined;

/**
 * The parent that precedes a commit on the main line: mostly the first, but a merge that was pushed may have the wiki's former head
 * behind another one. Of a commit of a side branch, its first.
 */
export async function lineParent(
  { parents, ordinal }: Pick<Commit, 'parents'> & { ordinal: number },
  find: Find,
): Promise<Oid | undefined> {
  if (parents.length < 2 || ordinal < 0) return parents[0];
  for (const parent of parents) if ((await find(parent))?.ordinal === ordinal - 1) return parent;
  return parents[0];
}

/** Tells of a commit and its parent whether one precedes the other on the main line of a wiki that has both. */
export function precedesBy(find: Find): (parent: Oid, child: Oid) => Promise<boolean> {
  return async (parent, child) => {
    const ordinal = (await find(child))?.ordinal ?? -1;
    return ordinal > 0 && (await find(parent))?.ordinal === ordinal - 1;
  };
}
