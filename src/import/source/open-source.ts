import { sourceUnsupported } from '../errors.ts';
import type { RowSource, SourceFile } from '../source.ts';
import { type PlainBytes, type PlainOptions, plainBytes } from './bytes/plain-bytes.ts';
import { arrayCutter } from './json/cut-array.ts';
import { lineCutter } from './json/cut-lines.ts';
import { splitLines } from './json/split-lines.ts';
import { type OpenCsvOptions, openCsv } from './open-csv.ts';
import { recordSource } from './record-source.ts';
import { type Sniffed, type SniffOptions, sniff } from './sniff.ts';
import { openXlsx } from './xlsx/open-xlsx.ts';

export interface TableOptions extends Partial<OpenCsvOptions>, SniffOptions {
  /** Default: told from the content. */
  format?: 'csv' | 'ndjson' | 'xlsx' | undefined;
  /** Sheet of a workbook. Default: the first. */
  sheet?: string | undefined;
}

/**
 * Opens a table, whatever it is: CSV, NDJSON, an array of JSON (each of them in gzip too) or XLSX.
 * @throws KittiwakeError `source_unsupported`, `source_corrupt`, `source_unsafe`, `header_invalid`, `encoding_invalid`
 */
export async function openTable(file: SourceFile, options: TableOptions = {}): Promise<RowSource> {
  const sniffed = await sniff(file, options);
  const { format, source = file.name } = options;
  const isWorkbook = sniffed.kind === 'xlsx';
  if (sniffed.kind !== 'text' && !isWorkbook) throw notThat(file, 'a table', sniffed.kind);
  if (format !== undefined && (format === 'xlsx') !== isWorkbook)
    throw notThat(file, format.toUpperCase(), isWorkbook ? 'xlsx' : 'text');
  if (sniffed.kind === 'text') return await openText(file, sniffed, options);
  return await openXlsx(file, { ...options, source });
}

function notThat(file: SourceFile, wanted: string, found: string): Error {
  return sourceUnsupported(file.name, `it was said to be ${wanted}, and holds ${found}`);
}

async function openText(
  file: SourceFile,
  sniffed: Extract<Sniffed, { kind: 'text' }>,
  options: TableOptions,
): Promise<RowSource> {
  const { source = file.name, maxRowBytes = 32 << 20 } = options;
  const plainOptions: PlainOptions = { ...options, ...sniffed };
  const plain = plainBytes(file, plainOptions);
  const format = options.format ?? sniffed.format;
  if (format === 'csv') return await openCsv(plain, { ...options, source });
  const isArray = sniffed.format === 'json';
  const at = plain.bomBytes + (isArray ? await bracketEnd(plain) : 0);
  const cutter = isArray ? arrayCutter(source, maxRowBytes) : lineCutter(maxRowBytes);
  const text = { source, plain, cutter, begin: { at, row: 1 } };
  const rows = recordSource(text, { kind: 'ndjson', source });
  if (isArray || !plain.isDirect) return rows;
  return { ...rows, parts: (most, signal) => splitLines(file, most, { begin: text.begin, signal }) };
}

/** Bytes up to the bracket that opens an array, with it. */
async function bracketEnd(plain: PlainBytes): Promise<number> {
  for await (const { bytes } of plain.read(plain.bomBytes)) return bytes.indexOf(91) + 1;
  return 0;
}
