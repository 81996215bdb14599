import type { Origin, Origins } from '../row.ts';

/** All origins of both, in the canonical order of {@link Origins}. Both are in that order. */
export function uniteOrigins(a: Origins, b: Origins): Origins {
  const united: Origin[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    const order = left === undefined ? 1 : right === undefined ? -1 : compareOrigins(left, right);
    united.push((order <= 0 ? left : right) as Origin);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return united;
}

/** The same of any number. */
export function uniteAllOrigins(lists: readonly Origins[]): Origins {
  if (lists.length <= 2) return uniteOrigins(lists[0] ?? [], lists[1] ?? []);
  const middle = lists.length >> 1;
  return uniteOrigins(uniteAllOrigins(lists.slice(0, middle)), uniteAllOrigins(lists.slice(middle)));
}

function compareOrigins(a: Origin, b: Origin): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.row - b.row;
}
