import type { Cell } from '../../row.ts';
import { elapsedTime, isoDate, type TimeFormat } from './number-formats.ts';
import type { StringTable } from './string-table.ts';
import { unescaped } from './text-of-xml.ts';

/** A cell as it is written (ECMA-376, part 1, 18.3.1.4). */
export interface RawCell {
  type: string;
  style: number;
  /** Text of `v`, or of `is`; empty: none; undefined: too large. */
  value: string | undefined;
  formula: string | undefined;
}

export class CellProblem {
  readonly code: string;
  readonly reason: string;

  constructor(code: string, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** Undefined: it is empty. */
export type CellReader = (raw: RawCell) => Cell | CellProblem | undefined;

export interface CellMeaning {
  strings: StringTable;
  isFrom1904: boolean;
  timeStyles: readonly TimeFormat[];
  maxCellBytes: number;
}

/**
 * What a cell is worth: text as it is, numbers, booleans, days as ISO 8601 has them, errors as they are shown (`#N/A`). Of a formula
 * it is the value that was computed when the workbook was saved; one that was saved without is its text, `=A1*2`. Nothing is computed.
 */
export function cellReader(meaning: CellMeaning): CellReader {
  const tooLarge = new CellProblem(
    'cell_too_large',
    `has more than ${meaning.maxCellBytes} bytes, which is the limit`,
  );
  return ({ type, style, value, formula }) => {
    if (value === undefined) return tooLarge;
    if (value === '' && type !== 'inlineStr') {
      if (formula === '') return undefined;
      return formula === undefined ? tooLarge : `=${unescaped(formula)}`;
    }
    if (type === 's') return sharedString(meaning.strings, value, tooLarge);
    if (type === 'n') return numberOf(value, meaning.timeStyles[style], meaning.isFrom1904);
    if (type === 'b') return value.trim() === '1' || value.trim() === 'true';
    return unescaped(value);
  };
}

function sharedString(strings: StringTable, value: string, tooLarge: CellProblem): Cell | CellProblem {
  const index = Number(value);
  if (!(Number.isInteger(index) && index >= 0 && index < strings.count))
    return new CellProblem('cell_invalid', 'names a text that the workbook does not have');
  return strings.get(index) ?? tooLarge;
}

function numberOf(value: string, format: TimeFormat, isFrom1904: boolean): Cell | CellProblem {
  const number = Number(value);
  if (!Number.isFinite(number)) return new CellProblem('cell_invalid', 'is no number, though it says so');
  if (format === 'elapsed') return elapsedTime(number);
  return format === 'date' ? (isoDate(number, isFrom1904) ?? number) : number;
}
