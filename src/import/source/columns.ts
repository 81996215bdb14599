import { headerInvalid } from './errors.ts';

/** As many as a spreadsheet has. */
export const MAX_COLUMNS = 16_384;

/**
 * Names of columns must be there, and differ.
 * @throws KittiwakeError `header_invalid` with the number of the column
 */
export function checkColumns(source: string, columns: readonly string[]): void {
  if (columns.length === 0) throw headerInvalid(source, 'there is none; the first row names the columns');
  const seen = new Map<string, number>();
  for (const [index, name] of columns.entries()) {
    const number = index + 1;
    const first = seen.get(name);
    if (name === '') throw headerInvalid(source, `column ${number} of ${columns.length} has no name`);
    if (name === '__proto__')
      throw headerInvalid(source, `column ${number} is named "__proto__", which is refused`);
    if (first !== undefined)
      throw headerInvalid(source, `columns ${first} and ${number} are both named ${JSON.stringify(name)}`);
    seen.set(name, number);
  }
}
