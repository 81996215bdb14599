import type { Row, RowFailure } from '../../../src/import/row.ts';
import type { ReadingRange, RowSource, SourceFile } from '../../../src/import/source.ts';

/** A source file whose bytes are in memory. */
export function memoryFile(content: string | Uint8Array, name = 'table'): SourceFile {
  const bytes = Buffer.from(content);
  return {
    name,
    size: bytes.length,
    read: async (start, end) => Buffer.from(bytes.subarray(start, Math.max(start, end))),
  };
}

export interface ReadThrough {
  rows: Row[];
  failures: RowFailure[];
}

/** All rows from a position on. */
export async function readThrough(source: RowSource, range?: ReadingRange): Promise<ReadThrough> {
  const read: ReadThrough = { rows: [], failures: [] };
  for await (const chunk of source.rows(range)) {
    read.rows.push(...chunk.rows);
    read.failures.push(...chunk.failures);
  }
  return read;
}

/** By row number: the values of a row or the code of its failure. */
export function byRow({ rows, failures }: ReadThrough): Record<number, unknown> {
  const found: Record<number, unknown> = {};
  for (const row of rows) found[row.origins[0]?.row ?? 0] = row.values;
  for (const failure of failures) found[failure.origins[0]?.row ?? 0] = failure.code;
  return found;
}
