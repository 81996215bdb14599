import type { Cell, FileContent, Row } from '../row.ts';
import { cellInvalid, columnMissing } from './errors.ts';

export type Values = Row['values'];

/** Undefined: the row has no such column. */
export type ReadColumn = (values: Values) => Cell | undefined;

/**
 * Reads a column. One with dots (`author.name`) is the column of that name if there is one, else a name inside of an object. The names
 * that every object inherits (`constructor`, `toString`) are columns like others.
 */
export function columnReader(name: string): ReadColumn {
  const own: ReadColumn =
    name in Object.prototype
      ? values => (Object.hasOwn(values, name) ? values[name] : undefined)
      : values => values[name];
  if (!name.includes('.')) return own;
  const parts = name.split('.');
  return values => own(values) ?? inside(values, parts);
}

/** The same; a row without the column fails. @throws KittiwakeError `column_missing` */
export function neededColumn(name: string): (values: Values) => Cell {
  const read = columnReader(name);
  return values => {
    const cell = read(values);
    if (cell === undefined) throw columnMissing(name, Object.keys(values));
    return cell;
  };
}

/** Absent, null and '' alike: tables of text cannot tell them apart. */
export function isEmpty(cell: Cell | undefined): cell is '' | null | undefined {
  return cell === undefined || cell === null || cell === '';
}

export function isFile(cell: Cell | undefined): cell is FileContent {
  return typeof cell === 'object' && cell !== null && 'open' in cell && typeof cell.open === 'function';
}

export function isList(cell: Cell | undefined): cell is readonly Cell[] {
  return Array.isArray(cell);
}

/** Numbers as JavaScript writes them, null as nothing, lists with commas between. @throws KittiwakeError `cell_invalid` */
export function cellText(cell: Cell, column: string): string {
  if (typeof cell === 'string') return cell;
  if (cell === null) return '';
  if (typeof cell === 'object') {
    if (isList(cell)) return cell.map(item => cellText(item, column)).join(', ');
    const wanted = isFile(cell) ? 'text, and it is a file' : 'text, and it is an object: use the filter json';
    throw cellInvalid(`column "${column}"`, wanted);
  }
  return String(cell);
}

function inside(values: Values, parts: readonly string[]): Cell | undefined {
  let cell: Cell | undefined = values as Cell;
  for (const part of parts) {
    if (typeof cell !== 'object' || cell === null || isFile(cell) || !Object.hasOwn(cell, part))
      return undefined;
    cell = (cell as Values)[part];
  }
  return cell;
}
