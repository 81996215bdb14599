import { comparePaths } from '../object/paths.ts';
import type { DescriptionRow, LinkRow, Row } from './layer.ts';
import { compareRows } from './row-order.ts';
import { overlay } from './sorted-merge.ts';

/**
 * The rows of one folder from the rows that the layers have of it, newest first. A name may be a file in one layer and a
 * folder in another, and then stands in different places, so names decide what is hidden. Without `keepGone` tombstones
 * only hide.
 */
export function overlayRows(lists: readonly (readonly Row[])[], keepGone: boolean): readonly Row[] {
  const hidden = new Set<string>();
  let merged: readonly Row[] = [];
  for (const list of lists) {
    if (list.length === 0) continue;
    const visible = hidden.size === 0 ? list : list.filter(row => !hidden.has(row.name));
    const shown = keepGone || !visible.some(isGone) ? visible : visible.filter(row => !isGone(row));
    merged = overlay(merged, shown, compareRows);
    if (list !== lists.at(-1)) for (const row of visible) hidden.add(row.name);
  }
  return merged;
}

function isGone(row: Row): boolean {
  return row.kind === 'gone';
}

export function compareDescriptions(a: DescriptionRow, b: DescriptionRow): number {
  return comparePaths(a.path, b.path);
}

/** What is described, newest statement first. */
export function overlayDescriptions(
  lists: readonly (readonly DescriptionRow[])[],
): readonly DescriptionRow[] {
  let merged: readonly DescriptionRow[] = [];
  for (const list of lists) merged = overlay(merged, list, compareDescriptions);
  return merged.some(row => row.json === null) ? merged.filter(row => row.json !== null) : merged;
}

export function compareLinks(a: LinkRow, b: LinkRow): number {
  return comparePaths(a.target, b.target) || comparePaths(a.source, b.source);
}

/** Sources of the links that the newest statements call present; sorted, unique. */
export function overlaySources(lists: readonly (readonly LinkRow[])[]): string[] {
  let merged: readonly LinkRow[] = [];
  for (const list of lists) merged = overlay(merged, list, compareLinks);
  const sources = new Set<string>();
  for (const { source, present } of merged) if (present) sources.add(source);
  return [...sources].sort(comparePaths);
}
