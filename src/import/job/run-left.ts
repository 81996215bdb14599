import { closeSync, createReadStream, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomId } from '../../core/runtime.ts';
import type { Refusal } from '../../git/bulk/bulk.ts';
import type { BulkRow } from '../../git/bulk/bulk-run.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { Origin, RowFailure } from '../row.ts';
import type { RowSource } from '../source.ts';
import { rowText, withPlace } from './row-place.ts';
import { SHOWN_FAILURES } from './run-changes.ts';

type RowRef = Pick<BulkRow, 'source' | 'row'>;

const WRITE_AT = 64 << 10;

/** The rows that a commit leaves out: the first ones in memory, all of them in a file of this machine until they are stored. */
export class LeftRows {
  readonly #file: string;
  readonly #source: RowSource;
  readonly #sources: readonly string[];
  readonly #first: RowFailure[] = [];
  #lines: string[] = [];
  #waiting = 0;
  #handle: number | undefined;
  #count = 0;
  #stored: { count: number; key: string } | undefined;

  /** @param sources names of the sources, by their number in the rows of runs */
  constructor(scratch: string, { source, sources }: { source: RowSource; sources: readonly string[] }) {
    this.#file = join(scratch, 'left.ndjson');
    this.#source = source;
    this.#sources = sources;
  }

  get count(): number {
    return this.#count;
  }

  /** The first 100. */
  get first(): readonly RowFailure[] {
    return this.#first;
  }

  add(row: BulkRow, { code, message, other }: Refusal): void {
    const shown = other === undefined ? message : `${message}: ${this.#textOf(other)}`;
    const failure = withPlace({ origins: [this.#originOf(row)], code, message: shown }, this.#source);
    this.#count += 1;
    if (this.#first.length < SHOWN_FAILURES) this.#first.push(failure);
    const line = `${JSON.stringify(failure)}\n`;
    this.#lines.push(line);
    this.#waiting += line.length;
    if (this.#waiting >= WRITE_AT) this.#write();
  }

  /** Stores all of them, if there are any, as one object; where none came since, it is stored already. Returns the key. */
  async store(
    { store, runtime }: Pick<LedgerRepository, 'store' | 'runtime'>,
    prefix: string,
  ): Promise<string | undefined> {
    if (this.#count === 0 || this.#stored?.count === this.#count) return this.#stored?.key;
    this.#write();
    const [key, count] = [`${prefix}errors-${randomId(runtime)}.ndjson`, this.#count];
    if (this.#handle === undefined) throw new Error('Nothing was written');
    await store.upload(key, createReadStream('', { fd: this.#handle, start: 0, autoClose: false }));
    this.#stored = { count, key };
    return key;
  }

  /** Everything is looked at anew. */
  clear(): void {
    this.close();
    this.#first.length = 0;
    this.#lines = [];
    this.#waiting = 0;
    this.#count = 0;
    this.#stored = undefined;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #originOf({ source, row }: RowRef): Origin {
    const [only = ''] = this.#sources;
    return { source: this.#sources[source] ?? only, row };
  }

  #textOf(row: RowRef): string {
    const origin = this.#originOf(row);
    const { place } = withPlace({ origins: [origin], code: '', message: '' }, this.#source);
    return rowText(origin, place);
  }

  #write(): void {
    if (this.#lines.length === 0) return;
    this.#handle ??= openUnnamed(this.#file);
    writeFileSync(this.#handle, this.#lines.join(''));
    this.#lines = [];
    this.#waiting = 0;
  }
}

/** Its name is gone at once, so nothing is left of it when the process is killed. */
function openUnnamed(path: string): number {
  const handle = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return handle;
}
