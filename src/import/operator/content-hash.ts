import type { Cell } from '../row.ts';
import { isFile, isList, type Values } from './columns.ts';
import { cellInvalid } from './errors.ts';

/**
 * Text that two rows share exactly when they have the same columns with the same values, in whatever order: JSON with sorted names.
 * @param columns of them only; one that a row lacks is as good as no column
 * @throws KittiwakeError `cell_invalid` for files
 */
export function canonicalText(values: Values, columns: readonly string[]): string {
  let text = '';
  for (const name of columns) {
    if (!Object.hasOwn(values, name)) continue;
    text += `${JSON.stringify(name)}:${canonicalCell(values[name] as Cell, name)},`;
  }
  return text;
}

export function sortedColumns(values: Values): readonly string[] {
  return Object.keys(values).sort();
}

function canonicalCell(cell: Cell, column: string): string {
  if (typeof cell !== 'object' || cell === null) return JSON.stringify(cell);
  if (isFile(cell)) throw cellInvalid(`column "${column}"`, 'a value, and it is a file');
  if (isList(cell)) return `[${cell.map(item => canonicalCell(item, column)).join()}]`;
  const entries = Object.keys(cell).sort();
  return `{${entries.map(name => `${JSON.stringify(name)}:${canonicalCell(cell[name] as Cell, column)}`).join()}}`;
}
