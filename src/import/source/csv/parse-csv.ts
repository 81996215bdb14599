import type { Cell, Row, RowFailure } from '../../row.ts';
import type { RecordParsing } from '../../source.ts';
import { CsvReader } from './csv-reader.ts';

/** Rows of whole records. */
export interface ParsedRecords {
  rows: Row[];
  failures: RowFailure[];
}

type CsvParsing = Extract<RecordParsing, { kind: 'csv' }>;

/** Each record counts from `firstRow`, blank ones too, which are passed over. */
export function parseCsv(text: string, parsing: CsvParsing, firstRow: number): ParsedRecords {
  const parsed: ParsedRecords = { rows: [], failures: [] };
  const reader = new CsvReader(text, parsing);
  for (let row = firstRow; !reader.isAtEnd; row++) {
    const values: Record<string, Cell> = {};
    const cells = reader.record(values);
    if (cells === 0) continue;
    const origins = [{ source: parsing.source, row }];
    const problem = reader.problem ?? countProblem(cells, parsing, values);
    if (problem === undefined) parsed.rows.push({ values, origins });
    else parsed.failures.push({ origins, ...problem });
  }
  return parsed;
}

function countProblem(cells: number, parsing: CsvParsing, values: Record<string, Cell>) {
  const { columns, isStrict } = parsing;
  if (cells === columns.length) return undefined;
  if (isStrict || cells > columns.length) {
    const message = `Reading a row: it has ${cells} cells, the header names ${columns.length} columns`;
    return { code: 'row_columns', message };
  }
  for (const column of columns.slice(cells)) values[column] = '';
  return undefined;
}
