import { comparePaths } from '../../git/object/paths.ts';
import type { Row } from '../row.ts';
import { joinUnsorted } from './errors.ts';
import { HeldRows, rowBytes } from './held-rows.ts';
import { type JoinOptions, JoinWork, type KeyedRow } from './join.ts';
import { wholeMergeJoin } from './merge-join-whole.ts';
import type { Operator, Report, Rows } from './operator.ts';
import { CHUNK_ROWS, gatherRows, RowCursor } from './row-cursor.ts';

/**
 * Joins two inputs that are sorted by their keys (by code points, column by column, empty ones first), in any size: only the rows of
 * the other side that have one key are held. The columns of an absent partner are those of the first row of its side.
 */
export function mergeJoin(options: JoinOptions): Operator {
  return {
    stream: (rows, report, signal) => new MergeJoin(options, report).stream(rows, signal),
    async whole(rows, report) {
      const other = await gatherRows(options.other.open(report));
      return wholeMergeJoin(rows, other, new JoinWork('merge-join', options, report));
    },
  };
}

/** Rows of the other side with one key; rows that can have no partner stand for themselves. */
interface Group {
  readonly key: string;
  readonly isWhole: boolean;
  readonly rows: readonly Row[];
  isMatched: boolean;
}

class MergeJoin {
  readonly #options: JoinOptions;
  readonly #report: Report;
  readonly #work: JoinWork;
  readonly #left: SortedSide;
  readonly #right: SortedSide;
  readonly #held: HeldRows;

  constructor(options: JoinOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#work = new JoinWork('merge-join', options, report);
    this.#left = new SortedSide('the side that comes in', row => this.#work.left.keyed(row));
    this.#right = new SortedSide(`the source "${options.other.name}"`, row => this.#work.right.keyed(row));
    const side = `one key of the source "${options.other.name}"`;
    this.#held = new HeldRows(options.bound, 'merge-join', side, 'raise its bounds, or join by more columns');
  }

  async *stream(rows: Rows, signal: AbortSignal | undefined): AsyncGenerator<readonly Row[]> {
    const other = this.#options.other.open(this.#report, signal);
    let made: Row[] = [];
    try {
      this.#left.open(rows);
      this.#right.open(other);
      for await (const row of this.#rows(signal)) {
        if (row === undefined) continue;
        made.push(row);
        if (made.length < CHUNK_ROWS) continue;
        yield made;
        made = [];
      }
      if (made.length > 0) yield made;
    } finally {
      await Promise.all([this.#left.close(), this.#right.close()]);
    }
  }

  async *#rows(signal: AbortSignal | undefined): AsyncGenerator<Row | undefined> {
    const leftColumns = await this.#left.firstColumns();
    const rightColumns = await this.#right.firstColumns();
    let group = await this.#nextGroup();
    for (let left = await this.#left.next(); left !== undefined; left = await this.#left.next()) {
      signal?.throwIfAborted();
      while (group !== undefined && comparePaths(group.key, left.key) < 0) {
        for (const row of unmatchedOf(group)) yield this.#work.rightOnly(row, leftColumns);
        group = await this.#nextGroup();
      }
      if (group?.isWhole && left.isWhole && group.key === left.key) {
        group.isMatched = true;
        for (const right of group.rows) yield this.#work.pair(left.row, right);
      } else {
        yield this.#work.leftOnly(left.row, rightColumns);
      }
    }
    for (; group !== undefined; group = await this.#nextGroup()) {
      for (const row of unmatchedOf(group)) yield this.#work.rightOnly(row, leftColumns);
    }
  }

  async #nextGroup(): Promise<Group | undefined> {
    const first = await this.#right.next();
    if (first === undefined) return undefined;
    const { key, isWhole } = first;
    const rows = [first.row];
    this.#held.reset();
    while (isWhole && (await this.#right.peek())?.key === key) {
      const { row } = (await this.#right.next()) as KeyedRow;
      this.#held.add(rowBytes(row));
      rows.push(row);
    }
    return { key, isWhole, rows, isMatched: false };
  }
}

function unmatchedOf({ isMatched, rows }: Group): readonly Row[] {
  return isMatched ? [] : rows;
}

/** Reads rows with their keys and sees to it that they are sorted. */
class SortedSide {
  readonly #name: string;
  readonly #keyed: (row: Row) => KeyedRow | undefined;
  #cursor: RowCursor | undefined;
  #ahead: KeyedRow | undefined;
  #last: string | undefined;

  constructor(name: string, keyed: (row: Row) => KeyedRow | undefined) {
    this.#name = name;
    this.#keyed = keyed;
  }

  open(rows: Rows): void {
    this.#cursor = new RowCursor(rows);
  }

  async close(): Promise<void> {
    await this.#cursor?.close();
  }

  async firstColumns(): Promise<readonly string[]> {
    return Object.keys((await this.peek())?.row.values ?? {});
  }

  async peek(): Promise<KeyedRow | undefined> {
    this.#ahead ??= await this.#read();
    return this.#ahead;
  }

  async next(): Promise<KeyedRow | undefined> {
    const row = await this.peek();
    this.#ahead = undefined;
    return row;
  }

  async #read(): Promise<KeyedRow | undefined> {
    const cursor = this.#cursor as RowCursor;
    for (;;) {
      const row = cursor.peek();
      if (row === undefined) {
        if (await cursor.more()) continue;
        return undefined;
      }
      cursor.skip();
      const keyed = this.#keyed(row);
      if (keyed === undefined) continue;
      if (this.#last !== undefined && comparePaths(this.#last, keyed.key) > 0) {
        throw joinUnsorted(this.#name, row.origins);
      }
      this.#last = keyed.key;
      return keyed;
    }
  }
}
