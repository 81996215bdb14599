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
  const parts = columns.map(name => ({ name, read: neededColumn(name) }));
  return values => {
    let text = '';
    let isWhole = true;
    for (const [index, { name, read }] of parts.entries()) {
      const cell = read(values);
      if (typeof cell === 'object' && cell !== null)
        throw cellInvalid(`the key "${name}"`, 'a text or a number');
      const part = String(cell ?? '');
      if (part.includes('\0')) throw cellInvalid(`the key "${name}"`, 'without NUL characters');
      isWhole &&= !isEmpty(cell);
      text += index === 0 ? part : `\0${part}`;
    }
    return { text, isWhole };
  };
}
