import type { Oid } from '../../git/object/objects.ts';
import type { View } from '../../git/repository.ts';
import { isPageFile } from '../name/page-path.ts';
import { RENAME_SIMILARITY, similarity } from './similarity.ts';

/** Git's `diff.renameLimit`: with more pairs only files with identical content are matched. */
const MAX_PAIRS = 1_000 * 1_000;
/** Pairs whose contents are compared within one commit. */
const MAX_COMPARED = 2_000;
const MAX_COMPARED_BYTES = 4 * 1024 * 1024;

interface File {
  path: string;
  oid: Oid;
}

/**
 * Finds which of the removed files the added ones were, as git does: identical content first (the same name where there
 * is a choice), then the most similar, if at least half alike.
 * @returns old paths by new paths
 */
export async function detectRenames(
  view: View,
  removed: readonly File[],
  added: readonly File[],
): Promise<Map<string, string>> {
  const renames = new Map<string, string>();
  const left = new Set(removed);
  for (const file of added) {
    const same = [...left].filter(({ oid }) => oid === file.oid);
    const source = same.find(({ path }) => baseName(path) === baseName(file.path)) ?? same[0];
    if (source === undefined) continue;
    renames.set(file.path, source.path);
    left.delete(source);
  }
  const open = added.filter(({ path }) => !renames.has(path));
  if (left.size * open.length > MAX_PAIRS) return renames;
  for (const { from, to } of await similarPairs(view, [...left], open)) {
    if (renames.has(to.path) || !left.delete(from)) continue;
    renames.set(to.path, from.path);
  }
  return renames;
}

async function similarPairs(
  view: View,
  removed: readonly File[],
  added: readonly File[],
): Promise<{ from: File; to: File }[]> {
  if (removed.length * added.length > MAX_COMPARED) return [];
  const bytes = new Map<Oid, Buffer | undefined>();
  for (const { path, oid } of removed.length > 0 && added.length > 0 ? [...removed, ...added] : []) {
    if (!bytes.has(oid)) bytes.set(oid, await comparable(view, path, oid));
  }
  const pairs = removed.flatMap(from =>
    added.map(to => ({ from, to, score: score(bytes.get(from.oid), bytes.get(to.oid)) })),
  );
  return pairs.filter(pair => pair.score >= RENAME_SIMILARITY).sort((a, b) => b.score - a.score);
}

/** A content; undefined for what is too large to be compared, which is then not read: an attachment may be of any size. */
async function comparable(view: View, path: string, oid: Oid): Promise<Buffer | undefined> {
  if (isPageFile(path)) return view.blob(oid);
  const { size } = await view.openBlob(oid);
  return size > MAX_COMPARED_BYTES ? undefined : view.blob(oid);
}

function score(before: Buffer | undefined, after: Buffer | undefined): number {
  if (before === undefined || after === undefined) return 0;
  if (Math.max(before.length, after.length) > MAX_COMPARED_BYTES) return 0;
  return similarity(before, after);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
