import type { Body } from '../byte-store.ts';

/** Below that an object is sent in one request. */
export const FIRST_PART_BYTES = 8 * 1024 * 1024;

/** After so many parts their size doubles: the 10,000 that an upload may have are enough for the 5 TiB of an object. */
const PARTS_OF_A_SIZE = 1000;

export interface Part {
  body: Body;
  /** Nothing follows. */
  isLast: boolean;
}

/** The size of a part, counted from 0: 8 MiB up to 8 GB, 16 MiB up to 24 GB, and so on. */
export function partBytes(index: number): number {
  return FIRST_PART_BYTES * 2 ** Math.floor(index / PARTS_OF_A_SIZE);
}

/** Cuts a stream into parts of exactly {@link partBytes}, but for the last. An empty stream is one empty part. */
export async function* cutParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let body: Uint8Array[] = [];
  let missing = partBytes(0);
  let index = 0;
  for await (const chunk of chunks) {
    for (let rest = chunk; rest.length > 0; ) {
      if (missing === 0) {
        yield { body, isLast: false };
        index += 1;
        body = [];
        missing = partBytes(index);
      }
      const taken = rest.subarray(0, missing);
      body.push(taken);
      missing -= taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield { body, isLast: true };
}
