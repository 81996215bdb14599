import { openRuns } from './build.ts';
import type { BulkCommit } from './bulk.ts';
import type { BulkRow } from './bulk-run.ts';
import { RunMerge } from './run-merge.ts';

/** The rows of a few paths, the first of each, and which run they are in. */
export async function findRows(
  options: BulkCommit,
  paths: ReadonlySet<string>,
): Promise<Map<string, { row: BulkRow; run: number }>> {
  const found = new Map<string, { row: BulkRow; run: number }>();
  const wanted = new Set([...paths].map(path => Buffer.from(path).toString('latin1')));
  const cursors = openRuns(options);
  try {
    const merge = await RunMerge.of(cursors);
    for (let cursor = merge.top; cursor && found.size < paths.size; cursor = merge.top) {
      if (wanted.has(cursor.bytes.toString('latin1', cursor.pathStart, cursor.pathEnd))) {
        const row = cursor.value();
        if (!found.has(row.path)) found.set(row.path, { row, run: cursor.run });
      }
      await merge.advance();
    }
  } finally {
    await Promise.allSettled(cursors.map(cursor => cursor.close()));
  }
  return found;
}
