import type { TreeChange } from '../../git/tree/tree-diff.ts';

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** Files that got another name and kept their content, by the old name. What was there more than once is not among them. */
export function renamesOf(changes: readonly TreeChange[]): ReadonlyMap<string, string> {
  const gone = single(changes, ({ before, after }) => (after === null ? before?.oid : undefined));
  const came = single(changes, ({ before, after }) => (before === null ? after?.oid : undefined));
  const renames = new Map<string, string>();
  for (const [oid, from] of gone) {
    const to = came.get(oid);
    if (from !== undefined && to !== undefined) renames.set(from, to);
  }
  return renames;
}

/** Paths by content; undefined: there are several of it. */
function single(
  changes: readonly TreeChange[],
  oidOf: (change: TreeChange) => string | undefined,
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const change of changes) {
    const oid = oidOf(change);
    if (oid !== undefined && oid !== EMPTY_BLOB) found.set(oid, found.has(oid) ? undefined : change.path);
  }
  return found;
}
