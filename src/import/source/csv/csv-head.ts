import { checkColumns, MAX_COLUMNS } from '../columns.ts';
import { headerInvalid } from '../errors.ts';
import { CsvReader } from './csv-reader.ts';

/** What a reader knows before the first row. */
export interface CsvHead {
  delimiter: string;
  columns: readonly string[];
  /** Bytes of the text before the first row. */
  beginBytes: number;
}

export interface CsvOptions {
  /** One ASCII character. Default: the one of comma, semicolon, tabulator and bar that the first lines are made of. */
  delimiter?: string | undefined;
  /** Names of the columns of a file that has no header. */
  columns?: readonly string[] | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'];
const RECORDS_LOOKED_AT = 50;
const NUMBERED = Array.from({ length: MAX_COLUMNS }, (_, index) => String(index));

/**
 * Reads the header. Space around the names of columns is no part of them.
 * @param text its first megabyte or so, without a mark of order
 * @throws KittiwakeError `header_invalid`
 */
export function readCsvHead(source: string, text: string, options: CsvOptions): CsvHead {
  const delimiter = options.delimiter ?? likelyDelimiter(text);
  checkDelimiter(source, delimiter);
  if (options.columns !== undefined) {
    checkColumns(source, options.columns);
    return { delimiter, columns: options.columns, beginBytes: 0 };
  }
  const reader = readerOf(text, delimiter);
  let cells: string[] = [];
  while (cells.length === 0 && !reader.isAtEnd) cells = cellsOf(reader);
  if (reader.problem !== undefined)
    throw headerInvalid(source, 'a quote in it is never closed, or text goes on behind a closing quote');
  const columns = cells.map(name => name.trim());
  checkColumns(source, columns);
  return { delimiter, columns, beginBytes: Buffer.byteLength(text.slice(0, reader.at)) };
}

function readerOf(text: string, delimiter: string): CsvReader {
  return new CsvReader(text, { columns: NUMBERED, delimiter, isStrict: true, maxCellBytes: 1 << 20 });
}

function cellsOf(reader: CsvReader): string[] {
  const values: Record<string, string> = {};
  reader.record(values);
  return Object.values(values);
}

/** The one that makes most records as wide as the first; of several the one that makes more columns. */
function likelyDelimiter(text: string): string {
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(text, delimiter);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function scoreOf(text: string, delimiter: string): number {
  const reader = readerOf(text, delimiter);
  const widths: number[] = [];
  while (!reader.isAtEnd && widths.length < RECORDS_LOOKED_AT) {
    const { length } = cellsOf(reader);
    if (length > 0) widths.push(length);
  }
  // The last one may have been cut.
  if (reader.isAtEnd && widths.length > 2) widths.pop();
  const columns = widths[0] ?? 0;
  if (columns < 2) return 0;
  const alike = widths.filter(width => width === columns).length / widths.length;
  return alike + Math.min(columns, 100) / 1000;
}

function checkDelimiter(source: string, delimiter: string): void {
  if (/^[\t\x20-\x7e]$/.test(delimiter) && delimiter !== '"') return;
  throw headerInvalid(
    source,
    `the delimiter ${JSON.stringify(delimiter)} is not one character of ASCII other than a quote`,
  );
}
