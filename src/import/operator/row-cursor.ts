import type { Row } from '../row.ts';
import type { Rows } from './operator.ts';

/** Reads a stream of rows one by one, and no array before the last one is used up. */
export class RowCursor {
  readonly #iterator: AsyncIterator<readonly Row[]>;
  #chunk: readonly Row[] = [];
  #at = 0;

  constructor(rows: Rows) {
    this.#iterator = rows[Symbol.asyncIterator]();
  }

  /** The next row if it is at hand: it stays the next one. Else {@link RowCursor.more} gets more. */
  peek(): Row | undefined {
    return this.#chunk[this.#at];
  }

  /** Goes on to the row behind. */
  skip(): void {
    this.#at += 1;
  }

  /** @returns false: there are no more */
  async more(): Promise<boolean> {
    do {
      const { done, value } = await this.#iterator.next();
      this.#chunk = done === true ? [] : value;
      this.#at = 0;
      if (done === true) return false;
    } while (this.#chunk.length === 0);
    return true;
  }

  /** Lets go of the stream, read to its end or not. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** All rows of a stream. */
export async function gatherRows(rows: Rows): Promise<Row[]> {
  const gathered: Row[] = [];
  for await (const chunk of rows) for (const row of chunk) gathered.push(row);
  return gathered;
}

/** Most rows that an operator hands on at once. */
export const CHUNK_ROWS = 500;
