import type { Row } from '../row.ts';
import type { HeldBound } from './held-rows.ts';
import { keyReader } from './join-key.ts';
import { type JoinColumns, RowJoiner, SideColumns } from './join-rows.ts';
import { failureOf, type Operator, type Report, type Rows } from './operator.ts';
import { uniteAllOrigins } from './origins.ts';

/** The other side of a join. */
export interface OtherSide {
  readonly name: string;
  /** Opened anew for each run. Rows that cannot be read are told to `report`. */
  open(report: Report, signal?: AbortSignal): Rows;
}

export interface JoinOptions extends JoinColumns {
  readonly other: OtherSide;
  /** Which rows come out besides those with a partner: none, those of this side, those of both. */
  readonly rows: 'inner' | 'left' | 'full';
  /** Refuses rows whose columns differ from those of their side's first row. */
  readonly strict: boolean;
  /** Of each side, as far as it is held in memory. */
  readonly bound: HeldBound;
}

/** A row of one side, ready to find partners. */
export interface KeyedRow {
  readonly row: Row;
  readonly key: string;
  /** False: it can have no partner. */
  readonly isWhole: boolean;
}

/** What both forms of a join, and both kinds of it, do with rows alike. */
export class JoinWork {
  readonly options: JoinOptions;
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly #joiner: RowJoiner;
  readonly #report: Report;
  readonly #name: string;

  constructor(name: string, options: JoinOptions, report: Report) {
    this.options = options;
    this.#name = name;
    this.#report = report;
    this.#joiner = new RowJoiner(options);
    const failed = (row: Row, error: unknown) => report.failure(failureOf(row, error, name));
    this.left = new JoinSide(Object.keys(options.on), options.strict, failed);
    this.right = new JoinSide(Object.values(options.on), options.strict, failed);
  }

  /** Undefined: the pair failed. */
  pair(left: Row, right: Row): Row | undefined {
    return this.#made(() => this.#joiner.pair(left, right), left, right);
  }

  /** A row of this side without a partner. Undefined: it is left out, or failed. */
  leftOnly(left: Row, known: Iterable<string> = this.right.columns): Row | undefined {
    if (this.options.rows !== 'inner') return this.#made(() => this.#joiner.leftOnly(left, known), left);
    this.#report.filtered(1);
    return undefined;
  }

  /** A row of the other side without a partner. */
  rightOnly(right: Row, known: Iterable<string> = this.left.columns): Row | undefined {
    return this.options.rows === 'full'
      ? this.#made(() => this.#joiner.rightOnly(right, known), right)
      : undefined;
  }

  #made(make: () => Row, ...of: readonly Row[]): Row | undefined {
    try {
      return make();
    } catch (error) {
      this.#report.failure(
        failureOf({ origins: uniteAllOrigins(of.map(row => row.origins)) }, error, this.#name),
      );
      return undefined;
    }
  }
}

class JoinSide {
  readonly #columns: SideColumns;
  readonly #keyOf: ReturnType<typeof keyReader>;
  readonly #failed: (row: Row, error: unknown) => void;

  constructor(keys: readonly string[], isStrict: boolean, failed: (row: Row, error: unknown) => void) {
    this.#columns = new SideColumns(isStrict);
    this.#keyOf = keyReader(keys);
    this.#failed = failed;
  }

  get columns(): ReadonlySet<string> {
    return this.#columns.names;
  }

  /** Undefined: the row failed. */
  keyed(row: Row): KeyedRow | undefined {
    try {
      this.#columns.see(row);
      const { text, isWhole } = this.#keyOf(row.values);
      return { row, key: text, isWhole };
    } catch (error) {
      this.#failed(row, error);
      return undefined;
    }
  }
}

/** Joins with several other sides in turn; with none, rows pass as they are. */
export function inTurn(operators: readonly Operator[]): Operator {
  return {
    stream: (rows, report, signal) =>
      operators.reduce((before, operator) => operator.stream(before, report, signal), rows),
    async whole(rows, report) {
      let current = rows;
      for (const operator of operators) current = await operator.whole(current, report);
      return current;
    },
  };
}
