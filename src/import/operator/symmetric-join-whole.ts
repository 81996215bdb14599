import type { Row } from '../row.ts';
import { rowBytes } from './held-rows.ts';
import type { JoinWork, KeyedRow } from './join.ts';

/** A row, and when it is made: at the turn at which the later of its parts comes, in the order of the other. */
interface Made {
  turn: number;
  order: number;
  row: Row | undefined;
}

/** A join by looking at every pair, put into the order in which the streamed one makes it. */
export function wholeJoin(left: readonly Row[], right: readonly Row[], work: JoinWork): readonly Row[] {
  const turns = turnsOf(left, right);
  const keyedLeft = left.map(row => work.left.keyed(row));
  const keyedRight = right.map(row => work.right.keyed(row));
  const made: Made[] = [];
  const [leftMatched, rightMatched] = [new Set<number>(), new Set<number>()];
  for (const [i, a] of keyedLeft.entries()) {
    for (const [j, b] of keyedRight.entries()) {
      if (a === undefined || b === undefined || !areSame(a, b)) continue;
      leftMatched.add(i);
      rightMatched.add(j);
      const [atLeft, atRight] = [turns.left(i), turns.right(j)];
      const isRightLater = atRight > atLeft;
      made.push({
        turn: Math.max(atLeft, atRight),
        order: isRightLater ? i : j,
        row: work.pair(a.row, b.row),
      });
    }
  }
  for (const [i, a] of keyedLeft.entries()) {
    if (a === undefined || leftMatched.has(i)) continue;
    made.push({ turn: Math.max(turns.left(i), turns.rightEnd), order: i, row: work.leftOnly(a.row) });
  }
  for (const [j, b] of keyedRight.entries()) {
    if (b === undefined || rightMatched.has(j)) continue;
    made.push({ turn: Math.max(turns.right(j), turns.leftEnd), order: j, row: work.rightOnly(b.row) });
  }
  made.sort((a, b) => a.turn - b.turn || a.order - b.order);
  return made.flatMap(({ row }) => (row === undefined ? [] : [row]));
}

function areSame(a: KeyedRow, b: KeyedRow): boolean {
  return a.isWhole && b.isWhole && a.key === b.key;
}

/** When each row is taken, and the end of each side: of the side of which fewer bytes were taken, this one first. */
function turnsOf(left: readonly Row[], right: readonly Row[]) {
  const [lefts, rights]: [number[], number[]] = [[], []];
  let [leftBytes, rightBytes] = [0, 0];
  for (let turn = 0; lefts.length <= left.length || rights.length <= right.length; turn += 1) {
    const isLeft = rights.length > right.length || (lefts.length <= left.length && leftBytes <= rightBytes);
    const row = isLeft ? left[lefts.length] : right[rights.length];
    (isLeft ? lefts : rights).push(turn);
    if (isLeft) leftBytes += row === undefined ? 0 : rowBytes(row);
    else rightBytes += row === undefined ? 0 : rowBytes(row);
  }
  const at = (turns: readonly number[]) => (index: number) => turns[index] as number;
  return {
    left: at(lefts),
    right: at(rights),
    leftEnd: at(lefts)(left.length),
    rightEnd: at(rights)(right.length),
  };
}
