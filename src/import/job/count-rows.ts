import { parseRecords } from '../source/parse-records.ts';
import type { RecordPiece, RowSource } from '../source.ts';
import { rowsTooMany } from './run-errors.ts';

/**
 * Refuses a source with more rows than a job may have, before the first of them is used. Lines of NDJSON count even where they
 * are blank. Records are only cut, which takes about a
 * second for a gigabyte; other sources are read through, unless they cannot have so many.
 * @throws KittiwakeError `rows_too_many`; those of the source
 */
export async function refuseTooManyRows(
  source: RowSource,
  maxRows: number,
  signal: AbortSignal,
): Promise<void> {
  if (source.rowBound !== undefined && source.rowBound <= maxRows) return;
  const counts = source.records ? cutRows(source, signal) : readRows(source, signal);
  for await (const rows of counts) if (rows > maxRows) throw rowsTooMany(rows, maxRows);
}

/** Rows that there are at least, more with each piece; at last all. */
async function* cutRows({ records }: RowSource, signal: AbortSignal): AsyncGenerator<number> {
  if (!records) return;
  let last: RecordPiece | undefined;
  for await (const piece of records.pieces({ signal })) {
    last = piece;
    yield piece.firstRow - 1;
  }
  if (!last) return;
  const { rows, failures } = parseRecords(last.bytes, records.parsing, last.firstRow);
  yield last.firstRow - 1 + rows.length + failures.length + last.failures.length;
}

async function* readRows(source: RowSource, signal: AbortSignal): AsyncGenerator<number> {
  let count = 0;
  for await (const { rows, failures } of source.rows({ signal })) {
    count += rows.length + failures.length;
    yield count;
  }
}
