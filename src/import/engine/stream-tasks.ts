import type { Row, RowFailure } from '../row.ts';
import type { RowChunk, RowSource, SourcePosition } from '../source.ts';
import { addNotes, type BatchCounts, noCounts } from './batch.ts';
import { itemTasks } from './item-tasks.ts';
import type { ReadOptions, SourceTask } from './reading.ts';

/** How far a pipeline with state had come: it runs from the beginning again, and what it made before is passed over. */
interface StreamPosition {
  readonly items: number;
  readonly failures: number;
  readonly filtered: number;
  readonly rows: number;
}

const BEGINNING: StreamPosition = { items: 0, failures: 0, filtered: 0, rows: 0 };

/** Runs a pipeline with state. The part of a source that it reads is all of it. */
export async function* streamTasks(options: ReadOptions): AsyncGenerator<SourceTask> {
  const { source, pipeline, signal } = options;
  const start = positionOf(options.from);
  const progress = new Progress(start);
  const rows = rowsOf(source, progress, signal);
  let items = 0;
  for await (const made of pipeline.stream(rows, { item: unexpected, ...progress.told }, signal)) {
    const fresh = made.slice(Math.max(0, start.items - items));
    items += made.length;
    for await (const { work, bytes, failures } of itemTasks(fresh, options)) {
      const { counts, failures: told } = progress.take();
      counts.failed += failures.length;
      yield {
        work,
        bytes,
        counts,
        failures: [...told, ...failures],
        position: undefined,
        bytesRead: progress.bytesRead,
      };
    }
    if (fresh.length > 0) yield progress.end(items);
  }
  yield progress.end(Math.max(items, start.items));
}

function unexpected(): never {
  throw new TypeError('A stream yields its items');
}

async function* rowsOf(
  source: RowSource,
  progress: Progress,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[]> {
  for await (const chunk of source.rows({ signal })) {
    const { rows, failures } = chunk;
    progress.read(rows.length + failures.length, chunk);
    for (const failure of failures) progress.told.failure(failure);
    yield rows;
  }
}

/** Counts all that was told from the beginning on, and keeps what is behind the start. */
class Progress {
  readonly #start: StreamPosition;
  #rows = 0;
  #failures = 0;
  #filtered = 0;
  #counts = noCounts();
  #kept: RowFailure[] = [];
  bytesRead = 0;

  constructor(start: StreamPosition) {
    this.#start = start;
  }

  readonly told = {
    failure: (failure: RowFailure) => {
      this.#failures += 1;
      if (this.#failures <= this.#start.failures) return;
      this.#kept.push(failure);
      this.#counts.failed += 1;
    },
    filtered: (count: number) => {
      const before = Math.max(this.#filtered, this.#start.filtered);
      this.#filtered += count;
      this.#counts.filtered += Math.max(0, this.#filtered - before);
    },
  };

  read(rows: number, { bytesRead, notes }: Pick<RowChunk, 'bytesRead' | 'notes'>): void {
    const before = Math.max(this.#rows, this.#start.rows);
    if (this.#rows >= this.#start.rows) addNotes(this.#counts, notes);
    this.#rows += rows;
    this.#counts.rows += Math.max(0, this.#rows - before);
    this.bytesRead = bytesRead;
  }

  take(): { counts: BatchCounts; failures: RowFailure[] } {
    const taken = { counts: this.#counts, failures: this.#kept };
    this.#counts = noCounts();
    this.#kept = [];
    return taken;
  }

  /** @param items all that were made so far */
  end(items: number): SourceTask {
    const { counts, failures } = this.take();
    const position: StreamPosition = {
      items,
      failures: Math.max(this.#failures, this.#start.failures),
      filtered: Math.max(this.#filtered, this.#start.filtered),
      rows: Math.max(this.#rows, this.#start.rows),
    };
    return { work: undefined, bytes: 0, counts, failures, position, bytesRead: this.bytesRead };
  }
}

function positionOf(from: SourcePosition | undefined): StreamPosition {
  return from === undefined ? BEGINNING : (from as StreamPosition);
}
