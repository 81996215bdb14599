/** A stream that is stored in pieces, so that what came of it stays where it breaks off. */
export interface Segments {
  /** The bytes of the next piece, at most so many. To be read to its end before the next one is asked for. */
  next(maxBytes: number): AsyncGenerator<Uint8Array>;
  /** True when the stream has ended, or broken off. */
  readonly isOver: boolean;
  /** What it broke off with. */
  readonly failure: { error: unknown } | undefined;
  /** Lets go of a stream that is not read to its end. */
  end(): Promise<void>;
}

export function segmentsOf(chunks: AsyncIterable<Uint8Array>): Segments {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = Buffer.alloc(0);
  let isOver = false;
  let failure: { error: unknown } | undefined;

  async function refill(): Promise<void> {
    try {
      const { done, value } = await iterator.next();
      if (done === true) isOver = true;
      else rest = value;
    } catch (error) {
      failure = { error };
      isOver = true;
    }
  }

  return {
    get isOver() {
      return isOver && rest.length === 0;
    },
    get failure() {
      return failure;
    },
    async *next(maxBytes) {
      for (let left = maxBytes; left > 0; ) {
        if (rest.length === 0 && !isOver) await refill();
        if (rest.length === 0 && isOver) return;
        const taken = rest.subarray(0, left);
        rest = rest.subarray(taken.length);
        left -= taken.length;
        if (taken.length > 0) yield taken;
      }
      // Whether anything follows is known behind the last byte only.
      while (rest.length === 0 && !isOver) await refill();
    },
    async end() {
      await iterator.return?.();
    },
  };
}
