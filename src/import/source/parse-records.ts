import type { RecordParsing } from '../source.ts';
import { type ParsedRecords, parseCsv } from './csv/parse-csv.ts';
import { parseNdjson } from './json/parse-ndjson.ts';

/**
 * Parses whole records, in any thread: what a piece of a record format becomes. Cells are parts of one string that holds the whole
 * piece: who keeps a few rows for long copies their cells.
 * @param bytes UTF-8
 * @param firstRow number of the first record; records that are blank count and are passed over
 */
export function parseRecords(bytes: Uint8Array, parsing: RecordParsing, firstRow: number): ParsedRecords {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (parsing.kind === 'csv') return parseCsv(text, parsing, firstRow);
  return parseNdjson(text, { source: parsing.source, firstRow });
}
