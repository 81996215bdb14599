import type { RowSource } from '../source.ts';
import { invalidUtf8At } from './bytes/decode.ts';
import type { PlainBytes } from './bytes/plain-bytes.ts';
import { type CsvOptions, readCsvHead } from './csv/csv-head.ts';
import { csvCutter } from './csv/cut-csv.ts';
import { encodingInvalid } from './errors.ts';
import { recordSource } from './record-source.ts';

export interface OpenCsvOptions extends CsvOptions {
  /** Name of the source in origins. */
  source: string;
  /** Default true: a row has as many cells as the header, or fails. False: missing cells are empty, empty surplus ones are left out. */
  isStrict?: boolean | undefined;
  /** Default 16 MiB. */
  maxCellBytes?: number | undefined;
  /** Default 32 MiB. */
  maxRowBytes?: number | undefined;
}

const HEAD_BYTES = 1 << 20;

/** @throws KittiwakeError `header_invalid`, `encoding_invalid`, `source_corrupt` */
export async function openCsv(plain: PlainBytes, options: OpenCsvOptions): Promise<RowSource> {
  const { source, isStrict = true, maxCellBytes = 16 << 20, maxRowBytes = 32 << 20 } = options;
  const { delimiter, columns, beginBytes } = readCsvHead(plain.name, await headOf(plain), options);
  const begin = { at: plain.bomBytes + beginBytes, row: 1 };
  const text = { source, plain, cutter: csvCutter(delimiter, maxRowBytes), begin, columns: columns.length };
  return recordSource(text, { kind: 'csv', source, columns, delimiter, isStrict, maxCellBytes });
}

async function headOf(plain: PlainBytes): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const { bytes } of plain.read(plain.bomBytes)) {
    parts.push(bytes);
    length += bytes.length;
    if (length >= HEAD_BYTES) break;
  }
  const head = Buffer.concat(parts).subarray(0, HEAD_BYTES);
  const invalid = invalidUtf8At(head);
  // The last character may have been cut.
  const isCut = length >= HEAD_BYTES && invalid > head.length - 4;
  if (invalid !== -1 && !isCut) throw encodingInvalid(plain.name, 'UTF-8', plain.bomBytes + invalid);
  return head.toString();
}
