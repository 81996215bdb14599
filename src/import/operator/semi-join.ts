import type { Row } from '../row.ts';
import { type HeldBound, HeldRows, keptText } from './held-rows.ts';
import type { OtherSide } from './join.ts';
import { type JoinKey, keyReader } from './join-key.ts';
import { failureOf, type Operator, type Report, type Rows } from './operator.ts';
import { gatherRows } from './row-cursor.ts';

export interface SemiJoinOptions {
  readonly other: OtherSide;
  /** By column of this side, that of the other. */
  readonly on: Readonly<Record<string, string>>;
  /** Keeps the rows that have no partner instead. */
  readonly anti: boolean;
  /** Of the different keys of the other side. */
  readonly bound: HeldBound;
}

/** Keeps the rows that have a partner on the other side, as they are. The other side is read first; its keys are held in memory. */
export function semiJoin(options: SemiJoinOptions): Operator {
  return {
    stream: (rows, report, signal) => streamed(rows, options, report, signal),
    async whole(rows, report) {
      const [keyOf, otherKeyOf] = [keyReader(Object.keys(options.on)), keyReader(Object.values(options.on))];
      const others = (await gatherRows(options.other.open(report))).map(row =>
        attempt(row, otherKeyOf, report),
      );
      return rows.filter(row => {
        const key = attempt(row, keyOf, report);
        if (key === undefined) return false;
        const hasPartner = key.isWhole && others.some(other => other?.isWhole && other.text === key.text);
        if (hasPartner === options.anti) report.filtered(1);
        return hasPartner !== options.anti;
      });
    },
  };
}

async function* streamed(
  rows: Rows,
  options: SemiJoinOptions,
  report: Report,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  const keys = await readKeys(options, report, signal);
  const keyOf = keyReader(Object.keys(options.on));
  for await (const chunk of rows) {
    signal?.throwIfAborted();
    const kept = chunk.filter(row => passes(row, keys, keyOf, options, report));
    if (kept.length > 0) yield kept;
  }
}

async function readKeys(
  { other, on, bound }: SemiJoinOptions,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const wayOut = 'raise its bounds, or use merge-join on sorted inputs';
  const held = new HeldRows(bound, 'semi-join', `the source "${other.name}"`, wayOut);
  const keyOf = keyReader(Object.values(on));
  const keys = new Set<string>();
  for await (const chunk of other.open(report, signal)) {
    for (const row of chunk) {
      const key = attempt(row, keyOf, report);
      if (key === undefined || !key.isWhole || keys.has(key.text)) continue;
      keys.add(keptText(key.text));
      held.add(64 + 2 * key.text.length);
    }
  }
  return keys;
}

function passes(
  row: Row,
  keys: ReadonlySet<string>,
  keyOf: KeyOf,
  { anti }: SemiJoinOptions,
  report: Report,
): boolean {
  const key = attempt(row, keyOf, report);
  if (key === undefined) return false;
  const hasPartner = key.isWhole && keys.has(key.text);
  if (hasPartner === anti) report.filtered(1);
  return hasPartner !== anti;
}

type KeyOf = ReturnType<typeof keyReader>;

function attempt(row: Row, keyOf: KeyOf, report: Report): JoinKey | undefined {
  try {
    return keyOf(row.values);
  } catch (error) {
    report.failure(failureOf(row, error, 'semi-join'));
    return undefined;
  }
}
