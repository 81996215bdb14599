import type { PageItem } from '../page-item.ts';
import type { PipelineOutput } from '../pipeline/row-pipeline.ts';
import type { RowFailure } from '../row.ts';
import { addNotes, noCounts } from './batch.ts';
import { itemTasks, type Prepared } from './item-tasks.ts';
import type { ReadOptions, SourceTask } from './reading.ts';
import { streamTasks } from './stream-tasks.ts';

/** Small, as what is parsed of a piece is garbage that lies about for a while. */
const PIECE_BYTES = 512 << 10;

/**
 * The three ways of reading. Records are cut here and parsed in lanes. Rows are read here, and what a row-wise pipeline makes of them
 * goes to lanes. A pipeline with state runs here, from the beginning of the source each time.
 */
export function readTasks(options: ReadOptions): AsyncGenerator<SourceTask> {
  if (isCutByRecords(options)) return recordTasks(options);
  return options.pipeline.isRowWise ? rowTasks(options) : streamTasks(options);
}

/** Whether lanes parse: then they need the pipeline too. */
export function isCutByRecords({ source, pipeline, workers = 0 }: ReadOptions): boolean {
  const isMovable = workers === 0 || pipeline.spec !== undefined;
  return source.records !== undefined && pipeline.isRowWise && pipeline.each !== undefined && isMovable;
}

async function* recordTasks(options: ReadOptions): AsyncGenerator<SourceTask> {
  const { source, from, to, signal, batchBytes = PIECE_BYTES } = options;
  const pieceBytes = Math.min(PIECE_BYTES, batchBytes);
  for await (const piece of source.records?.pieces({ from, to, pieceBytes, signal }) ?? []) {
    const { bytes, failures, firstRow, position, bytesRead } = piece;
    const counts = { ...noCounts(), rows: failures.length, failed: failures.length };
    const work = bytes.length === 0 ? undefined : { kind: 'records' as const, bytes, firstRow };
    yield { work, bytes: bytes.length, counts, failures, position, bytesRead };
  }
}

async function* rowTasks(options: ReadOptions): AsyncGenerator<SourceTask> {
  const { source, pipeline, from, to, signal } = options;
  for await (const chunk of source.rows({ from, to, signal })) {
    const made: PageItem[] = [];
    const told = tell(chunk.failures);
    const into: PipelineOutput = { item: item => made.push(item), ...told };
    for (const row of chunk.rows) pipeline.each?.(row, into);
    told.counts.rows += chunk.rows.length + chunk.failures.length;
    addNotes(told.counts, chunk.notes);
    let last: Prepared | undefined;
    for await (const prepared of itemTasks(made, options)) {
      if (last) yield partOf(last, chunk.bytesRead);
      last = prepared;
    }
    for (const failure of last?.failures ?? []) told.failure(failure);
    yield {
      work: last?.work,
      bytes: last?.bytes ?? 0,
      counts: told.counts,
      failures: told.failures,
      position: chunk.position,
      bytesRead: chunk.bytesRead,
    };
  }
}

/** A part of a chunk: reading can go on only behind the last one. */
function partOf({ work, bytes, failures }: Prepared, bytesRead: number): SourceTask {
  const counts = { ...noCounts(), failed: failures.length };
  return { work, bytes, counts, failures, position: undefined, bytesRead };
}

/** Gathers what a pipeline tells besides items. */
function tell(before: readonly RowFailure[]) {
  const failures = [...before];
  const counts = { ...noCounts(), failed: failures.length };
  return {
    failures,
    counts,
    failure(failure: RowFailure) {
      failures.push(failure);
      counts.failed += 1;
    },
    filtered(count: number) {
      counts.filtered += count;
    },
  };
}
