import type { Row } from '../row.ts';
import { HeldRows, keptRow, keptText, rowBytes } from './held-rows.ts';
import { type JoinOptions, JoinWork, type KeyedRow } from './join.ts';
import type { Operator, Report, Rows } from './operator.ts';
import { CHUNK_ROWS, gatherRows, RowCursor } from './row-cursor.ts';
import { wholeJoin } from './symmetric-join-whole.ts';

/**
 * A symmetric hash join (Wilschut and Apers, 1991): takes the next row of the side of which it has taken fewer bytes, whatever arrays
 * they come in, keeps it, and hands on a pair as soon as both are there. When one side has ended, the rows of the other are not kept any
 * more, and its kept ones without a partner are handed on. So the smaller side has to fit into memory, and as much of the larger one.
 */
export function symmetricJoin(options: JoinOptions): Operator {
  return {
    stream: (rows, report, signal) => new SymmetricJoin(options, report).stream(rows, signal),
    async whole(rows, report) {
      return wholeJoin(
        rows,
        await gatherRows(options.other.open(report)),
        new JoinWork('join', options, report),
      );
    },
  };
}

interface HeldRow {
  readonly row: Row;
  isMatched: boolean;
}

class SymmetricJoin {
  readonly #options: JoinOptions;
  readonly #report: Report;
  readonly #work: JoinWork;
  readonly #left: HeldSide;
  readonly #right: HeldSide;

  constructor(options: JoinOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#work = new JoinWork('join', options, report);
    this.#left = new HeldSide(options, 'the side that comes in');
    this.#right = new HeldSide(options, `the source "${options.other.name}"`);
  }

  async *stream(rows: Rows, signal: AbortSignal | undefined): AsyncGenerator<readonly Row[]> {
    const left = new RowCursor(rows);
    const right = new RowCursor(this.#options.other.open(this.#report, signal));
    let made: Row[] = [];
    try {
      while (!(this.#left.isEnded && this.#right.isEnded)) {
        const isLeft = this.#right.isEnded || (!this.#left.isEnded && this.#left.bytes <= this.#right.bytes);
        const cursor = isLeft ? left : right;
        if (cursor.peek() === undefined) {
          signal?.throwIfAborted();
          await cursor.more();
        }
        for (const row of isLeft ? this.#takeLeft(cursor.peek()) : this.#takeRight(cursor.peek())) {
          if (row !== undefined) made.push(row);
          if (made.length < CHUNK_ROWS) continue;
          yield made;
          made = [];
        }
        cursor.skip();
      }
      if (made.length > 0) yield made;
    } finally {
      await Promise.all([left.close(), right.close()]);
    }
  }

  *#takeLeft(row: Row | undefined): Generator<Row | undefined> {
    if (row === undefined) {
      for (const unmatched of this.#left.end(this.#right)) yield this.#work.rightOnly(unmatched);
      return;
    }
    const bytes = this.#right.isEnded ? 0 : this.#left.take(row);
    const keyed = this.#work.left.keyed(row);
    if (keyed === undefined) return;
    const partners = this.#right.partnersOf(keyed);
    for (const partner of partners) {
      partner.isMatched = true;
      yield this.#work.pair(row, partner.row);
    }
    if (!this.#right.isEnded) this.#left.hold(keyed, partners.length > 0, bytes);
    else if (partners.length === 0) yield this.#work.leftOnly(row);
  }

  *#takeRight(row: Row | undefined): Generator<Row | undefined> {
    if (row === undefined) {
      for (const unmatched of this.#right.end(this.#left)) yield this.#work.leftOnly(unmatched);
      return;
    }
    const bytes = this.#left.isEnded ? 0 : this.#right.take(row);
    const keyed = this.#work.right.keyed(row);
    if (keyed === undefined) return;
    const partners = this.#left.partnersOf(keyed);
    for (const partner of partners) {
      partner.isMatched = true;
      yield this.#work.pair(partner.row, row);
    }
    if (!this.#left.isEnded) this.#right.hold(keyed, partners.length > 0, bytes);
    else if (partners.length === 0) yield this.#work.rightOnly(row);
  }
}

/** The rows of one side that are kept for partners that may come. */
class HeldSide {
  readonly #held: HeldRows;
  #byKey = new Map<string, HeldRow[]>();
  #all: HeldRow[] = [];
  isEnded = false;
  /** Of the rows that were taken while both sides went on. */
  bytes = 0;

  constructor({ bound: { maxRows, maxBytes } }: JoinOptions, side: string) {
    const bound = { maxRows, maxBytes: maxBytes / 2 };
    const wayOut = 'raise its bounds, make both sides smaller before, or use merge-join on sorted inputs';
    this.#held = new HeldRows(bound, 'join', side, wayOut);
  }

  partnersOf({ key, isWhole }: KeyedRow): readonly HeldRow[] {
    return isWhole ? (this.#byKey.get(key) ?? []) : [];
  }

  /** A row is taken, whether it can be kept or not. @returns its bytes */
  take(row: Row): number {
    const bytes = rowBytes(row);
    this.bytes += bytes;
    return bytes;
  }

  hold({ row, key, isWhole }: KeyedRow, isMatched: boolean, bytes: number): void {
    this.#held.add(bytes);
    const held = { row: keptRow(row), isMatched };
    this.#all.push(held);
    if (!isWhole) return;
    const same = this.#byKey.get(key);
    if (same === undefined) this.#byKey.set(keptText(key), [held]);
    else same.push(held);
  }

  /** No more rows come here. @returns the rows of the other side that stay without a partner; none of it are needed any more */
  end(other: HeldSide): readonly Row[] {
    this.isEnded = true;
    const unmatched = other.#all.flatMap(({ row, isMatched }) => (isMatched ? [] : [row]));
    other.#all = [];
    other.#byKey = new Map();
    other.#held.reset();
    return unmatched;
  }
}
