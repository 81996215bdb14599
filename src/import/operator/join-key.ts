import type { Cell } from '../row.ts';
import { isEmpty, neededColumn, type Values } from './columns.ts';
import { cellInvalid } from './errors.ts';

/** By what rows find partners. */
export interface JoinKey {
  /** Its columns as text with NUL between: the order of keys is the order of their code points, column by column. */
  readonly text: string;
  /** False: a column is empty, and so the row has no partner. */
  readonly isWhole: boolean;
}

/**
 * Reads keys. Numbers and the text that shows them are the same key.
 * @throws KittiwakeError `column_missing`, `cell_invalid`
 */
export function keyReader(columns: readonly string[]): (values: Values) => JoinKey {
  const [only] = columns;
  if (only !== undefined && columns.length === 1) {
    const read = neededColumn(only);
    return values => {
      const cell = read(values);
      return { text: keyText(cell, only), isWhole: !isEmpty(cell) };
    };
  }
  const parts = columns.map(name => ({ name, read: neededColumn(name) }));
  return values => {
    let text = '';
    let isWhole = true;
    for (const [index, { name, read }] of parts.entries()) {
      const cell = read(values);
      const part = keyText(cell, name);
      if (part.includes('\0')) throw cellInvalid(`the key "${name}"`, 'without NUL characters');
      isWhole &&= !isEmpty(cell);
      text += index === 0 ? part : `\0${part}`;
    }
    return { text, isWhole };
  };
}

function keyText(cell: Cell, name: string): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'object' && cell !== null) throw cellInvalid(`the key "${name}"`, 'a text or a number');
  return String(cell ?? '');
}
