import { createDescribe } from '../../wiki/markup/describe.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import type { PipelineOutput, RowPipeline } from '../pipeline/row-pipeline.ts';
import type { Origins, RowFailure } from '../row.ts';
import { parseRecords } from '../source/parse-records.ts';
import { noCounts, type Present } from './batch.ts';
import { BatchBuilder, type BuiltBatch } from './batch-builder.ts';
import { createItemCheck } from './item-check.ts';
import type { LaneItem, LaneResult, LaneSetup, LaneTask, LookUp } from './lane.ts';
import { contentBytes, sampleOf } from './sample.ts';

/** Of contents that wait until it is known where their files stand. */
const HELD_BYTES = 4 << 20;
/** How much more than a batch is to have a lane may hold before it ends a pack by itself: where pages are larger than their rows. */
const PATIENCE = 2;

/** What a lane does, in whatever thread. */
export class LaneWork {
  readonly #setup: LaneSetup;
  readonly #pipeline: RowPipeline | undefined;
  readonly #lookUp: LookUp | undefined;
  readonly #builder: BatchBuilder;
  readonly #check = createItemCheck();
  readonly #sources: ReadonlyMap<string, number>;
  readonly #output: PipelineOutput;
  #held: LaneItem[] = [];
  #heldBytes = 0;
  #result = emptyResult();

  /** @param pipeline needed for tasks of records */
  constructor(setup: LaneSetup, pipeline: RowPipeline | undefined, lookUp: LookUp | undefined) {
    this.#setup = setup;
    this.#pipeline = pipeline;
    this.#lookUp = lookUp;
    this.#builder = new BatchBuilder(createDescribe(setup.settings));
    this.#sources = new Map(setup.sources.map((name, index) => [name, index]));
    this.#output = {
      // Lanes work on records alone, and no cell of a record is a file.
      item: item => this.#item(item as LaneItem),
      failure: failure => this.#failure(failure),
      filtered: count => {
        this.#result.counts.filtered += count;
      },
    };
  }

  /** Resolves with what became full. */
  async take(task: LaneTask): Promise<BuiltBatch[]> {
    const full: BuiltBatch[] = [];
    if (task.kind === 'records') await this.#records(task, full);
    else await this.#items(task.items, full);
    await this.#settleHeld();
    return full;
  }

  async finish(): Promise<LaneResult> {
    const result = this.#result;
    this.#result = emptyResult();
    await this.#end(result.built);
    return result;
  }

  async #records(
    { bytes, firstRow }: Extract<LaneTask, { kind: 'records' }>,
    full: BuiltBatch[],
  ): Promise<void> {
    const { parsing } = this.#setup;
    const pipeline = this.#pipeline;
    if (!parsing || !pipeline?.each) throw new TypeError('Records need a format and a row-wise pipeline');
    const { rows, failures } = parseRecords(bytes, parsing, firstRow);
    for (const failure of failures) this.#failure(failure);
    this.#result.counts.rows += rows.length + failures.length;
    for (const row of rows) {
      pipeline.each(row, this.#output);
      if (this.#isFull) await this.#cut(full);
    }
  }

  async #items(items: readonly LaneItem[], full: BuiltBatch[]): Promise<void> {
    for (const item of items) {
      this.#item(item);
      if (this.#isFull) await this.#cut(full);
    }
  }

  get #isFull(): boolean {
    return this.#builder.bytes >= this.#mostBytes || this.#heldBytes >= HELD_BYTES;
  }

  get #mostBytes(): number {
    return this.#setup.batchBytes * PATIENCE;
  }

  async #cut(full: BuiltBatch[]): Promise<void> {
    await this.#settleHeld();
    if (this.#builder.bytes >= this.#mostBytes) await this.#end(full);
  }

  async #end(into: BuiltBatch[]): Promise<void> {
    const built = await this.#builder.finish();
    if (built) into.push(built);
  }

  #failure(failure: RowFailure): void {
    this.#result.failures.push(failure);
    this.#result.counts.failed += 1;
  }

  #item(item: LaneItem): void {
    const failure = this.#check(item);
    if (failure) {
      this.#failure(failure);
    } else if (this.#lookUp) {
      this.#held.push(item);
      this.#heldBytes += item.path.length + contentBytes(item.content);
    } else this.#add(item, 'absent');
  }

  async #settleHeld(): Promise<void> {
    const held = this.#held;
    if (!this.#lookUp || held.length === 0) return;
    this.#held = [];
    this.#heldBytes = 0;
    const present = await this.#lookUp(
      held.map(({ path, content }) => ({ path, oid: this.#builder.idOf(content) })),
    );
    for (const [index, item] of held.entries()) this.#add(item, present[index] ?? 'absent');
  }

  #add(item: LaneItem, present: Present): void {
    const { dryRun } = this.#setup;
    const { counts, sample } = this.#result;
    const size = dryRun === undefined ? this.#pack(item, present) : contentBytes(item.content);
    if (dryRun !== undefined && sample.length < dryRun) sample.push(sampleOf(item, present));
    counts[isPageFile(item.path) ? 'pages' : 'attachments'] += 1;
    if (present === 'same') counts.unchanged += 1;
    counts.contentBytes += size;
  }

  /** Returns the size of the content. */
  #pack({ path, content, origins }: LaneItem, present: Present): number {
    return this.#builder.add({
      path: copied(path),
      content,
      ...this.#orderOf(origins),
      isKnown: present === 'same',
    });
  }

  #orderOf(origins: Origins): { source: number; row: number } {
    const first = origins[0];
    const source = first && this.#sources.get(first.source);
    return { source: source ?? this.#sources.size, row: first?.row ?? 0 };
  }
}

function emptyResult(): LaneResult {
  return { built: [], counts: noCounts(), failures: [], sample: [] };
}

const copy = Buffer.allocUnsafeSlow(16 << 10);

/** A string of its own. As a part of another one, it would keep all of the records that it was read with. */
function copied(path: string): string {
  return copy.toString('utf8', 0, copy.write(path));
}
