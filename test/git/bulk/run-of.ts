import type { BulkRow } from '../../../src/git/bulk/bulk-run.ts';
import { RunBuilder } from '../../../src/git/bulk/run-builder.ts';

/** The run of these rows. */
export function runOf(rows: Iterable<BulkRow>): Buffer {
  const builder = new RunBuilder();
  for (const row of rows) builder.add(row);
  return builder.finish();
}
