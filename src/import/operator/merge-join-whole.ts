import { comparePaths } from '../../git/object/paths.ts';
import type { Row } from '../row.ts';
import { joinUnsorted } from './errors.ts';
import type { JoinWork, KeyedRow } from './join.ts';

/** A merge-join by looking at every pair: what has no partner on the other side stands before the first row with a greater key. */
export function wholeMergeJoin(
  leftRows: readonly Row[],
  rightRows: readonly Row[],
  work: JoinWork,
): readonly Row[] {
  const left = sorted('the side that comes in', leftRows, row => work.left.keyed(row));
  const right = sorted(`the source "${work.options.other.name}"`, rightRows, row => work.right.keyed(row));
  const leftColumns = Object.keys(left[0]?.row.values ?? {});
  const rightColumns = Object.keys(right[0]?.row.values ?? {});
  const made: (Row | undefined)[] = [];
  const isAlone = (b: KeyedRow) => !left.some(a => arePartners(a, b));
  let passed = 0;
  for (const a of left) {
    for (const [index, b] of right.entries()) {
      if (index < passed || comparePaths(b.key, a.key) >= 0) continue;
      if (isAlone(b)) made.push(work.rightOnly(b.row, leftColumns));
      passed = index + 1;
    }
    const partners = right.filter(b => arePartners(a, b));
    for (const b of partners) made.push(work.pair(a.row, b.row));
    if (partners.length === 0) made.push(work.leftOnly(a.row, rightColumns));
  }
  for (const b of right.slice(passed)) if (isAlone(b)) made.push(work.rightOnly(b.row, leftColumns));
  return made.flatMap(row => (row === undefined ? [] : [row]));
}

function arePartners(a: KeyedRow, b: KeyedRow): boolean {
  return a.isWhole && b.isWhole && a.key === b.key;
}

function sorted(side: string, rows: readonly Row[], keyed: (row: Row) => KeyedRow | undefined): KeyedRow[] {
  const all = rows.flatMap(row => keyed(row) ?? []);
  for (const [index, { row, key }] of all.entries()) {
    const before = all[index - 1];
    if (before !== undefined && comparePaths(before.key, key) > 0) throw joinUnsorted(side, row.origins);
  }
  return all;
}
