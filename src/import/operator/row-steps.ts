import type { Cell } from '../row.ts';
import type { ReadColumn, Values } from './columns.ts';
import { columnTaken, textTooLarge } from './errors.ts';
import type { RowStep } from './operator.ts';

/** Keeps the columns that are named, in this order, as far as a row has them. */
export function select(columns: readonly string[]): RowStep {
  return ({ values, origins }) => {
    const kept: Record<string, Cell> = {};
    for (const name of columns) if (Object.hasOwn(values, name)) kept[name] = values[name] as Cell;
    return { values: kept, origins };
  };
}

/** Leaves out the columns that are named. */
export function drop(columns: readonly string[]): RowStep {
  const dropped = new Set(columns);
  return ({ values, origins }) => {
    const kept: Record<string, Cell> = {};
    for (const name of Object.keys(values)) if (!dropped.has(name)) kept[name] = values[name] as Cell;
    return { values: kept, origins };
  };
}

/** Gives columns other names, all at once, so that two may change places. Fails a row with `column_taken`. */
export function rename(names: ReadonlyMap<string, string>): RowStep {
  return ({ values, origins }) => {
    const renamed: Record<string, Cell> = {};
    for (const name of Object.keys(values)) {
      const other = names.get(name) ?? name;
      if (Object.hasOwn(renamed, other)) throw columnTaken(other, 'drop one of them first');
      renamed[other] = values[name] as Cell;
    }
    return { values: renamed, origins };
  };
}

/** Keeps the rows that pass. */
export function filter(passes: (values: Values) => boolean): RowStep {
  return row => (passes(row.values) ? row : undefined);
}

/** Of all texts of a row together, in UTF-16 units: columns made of columns multiply. */
const MAX_ROW_LENGTH = 64 * 1024 * 1024;
/** Made texts that are shorter are not added to the others. */
const LONG = 64 * 1024;

/** Sets columns, each from the row as it was. Others stay. Fails a row with `text_too_large`. */
export function map(columns: ReadonlyMap<string, ReadColumn>): RowStep {
  const entries = [...columns];
  return ({ values, origins }) => {
    const mapped: Record<string, Cell> = { ...values };
    let made = 0;
    for (const [name, read] of entries) {
      const cell = read(values);
      if (cell === undefined) continue;
      mapped[name] = cell;
      if (typeof cell === 'string') made += cell.length;
      if (made > MAX_ROW_LENGTH) throw textTooLarge(MAX_ROW_LENGTH);
    }
    if (made > LONG) checkLength(mapped);
    return { values: mapped, origins };
  };
}

/** @throws KittiwakeError `text_too_large` */
function checkLength(values: Values): void {
  let length = 0;
  for (const cell of Object.values(values)) if (typeof cell === 'string') length += cell.length;
  if (length > MAX_ROW_LENGTH) throw textTooLarge(MAX_ROW_LENGTH);
}
