import type { Changes, Cursor } from './projection.ts';

export function isSame(a: Cursor | undefined, b: Cursor | undefined): boolean {
  return a === undefined ? b === undefined : b !== undefined && a.head === b.head;
}

/** The commits that a projection has passed with these changes, as far as they are known. */
export function passedBy(changes: Changes): Cursor[] {
  if (changes.kind === 'all') return [changes.to, ...changes.recent];
  const commits = changes.entries.map(({ commit }) => ({ head: commit.oid, ordinal: commit.ordinal }));
  return [changes.from, ...commits];
}
