import type { Cell, Row } from '../row.ts';
import type { Values } from './columns.ts';
import { columnsDiffer, columnTaken } from './errors.ts';
import { uniteOrigins } from './origins.ts';

export interface JoinColumns {
  /** By column of this side, that of the other. */
  readonly on: Readonly<Record<string, string>>;
  /** Of the other side; undefined: all but the keys. */
  readonly columns?: readonly string[];
  /** In front of the names of the other side's columns. */
  readonly prefix: string;
  /** What the columns of an absent partner are. */
  readonly unmatched: 'null' | 'missing';
}

/** Makes rows of pairs. Key columns are there once, under the names of this side. */
export class RowJoiner {
  readonly #on: readonly (readonly [left: string, right: string])[];
  readonly #rightKeys: ReadonlySet<string>;
  readonly #columns: readonly string[] | undefined;
  readonly #prefix: string;
  readonly #fillsNull: boolean;

  constructor({ on, columns, prefix, unmatched }: JoinColumns) {
    this.#on = Object.entries(on);
    this.#rightKeys = new Set(Object.values(on));
    this.#columns = columns;
    this.#prefix = prefix;
    this.#fillsNull = unmatched === 'null';
  }

  /** @throws KittiwakeError `column_taken` */
  pair(left: Row, right: Row): Row {
    const values: Record<string, Cell> = { ...left.values };
    for (const name of this.#taken(right.values)) {
      const cell = right.values[name];
      if (cell !== undefined) this.#set(values, name, cell);
    }
    return { values, origins: uniteOrigins(left.origins, right.origins) };
  }

  /** @param known the columns of the other side */
  leftOnly(left: Row, known: Iterable<string>): Row {
    const values: Record<string, Cell> = { ...left.values };
    if (this.#fillsNull)
      for (const name of this.#columns ?? this.#takenOf(known)) this.#set(values, name, null);
    return { values, origins: left.origins };
  }

  /** @param known the columns of this side */
  rightOnly(right: Row, known: Iterable<string>): Row {
    const values: Record<string, Cell> = {};
    if (this.#fillsNull) for (const name of known) values[name] = null;
    for (const [left, name] of this.#on) values[left] = right.values[name] ?? null;
    for (const name of this.#taken(right.values)) {
      const cell = right.values[name];
      if (cell === undefined) continue;
      this.#set(values, name, cell);
    }
    return { values, origins: right.origins };
  }

  #taken(values: Values): readonly string[] {
    return this.#columns === undefined
      ? this.#takenOf(Object.keys(values))
      : this.#columns.filter(name => Object.hasOwn(values, name));
  }

  #takenOf(names: Iterable<string>): readonly string[] {
    return [...names].filter(name => !this.#rightKeys.has(name));
  }

  #set(values: Record<string, Cell>, name: string, cell: Cell): void {
    const own = this.#prefix + name;
    if (Object.hasOwn(values, own)) throw columnTaken(own, 'give the join a prefix');
    values[own] = cell;
  }
}

/** The columns of one side of a join, as far as it was read. */
export class SideColumns {
  readonly names = new Set<string>();
  readonly #isStrict: boolean;
  #first: ReadonlySet<string> | undefined;
  #last: readonly string[] = [];

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  /** @throws KittiwakeError `columns_differ` */
  see({ values }: Row): void {
    const names = Object.keys(values);
    if (areSame(names, this.#last)) return;
    if (this.#isStrict && this.#first !== undefined) {
      const first = this.#first;
      const extra = names.filter(name => !first.has(name));
      const missing = [...first].filter(name => !Object.hasOwn(values, name));
      if (extra.length + missing.length > 0) throw columnsDiffer(missing, extra);
    }
    this.#first ??= new Set(names);
    for (const name of names) this.names.add(name);
    this.#last = names;
  }
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((name, index) => name === b[index]);
}
