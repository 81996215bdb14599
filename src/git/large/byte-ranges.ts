const READ_BYTES = 2 << 20;

/**
 * Reads [start, end) in pieces of 2 MiB, the next of which is on its way while one is used: memory is bounded by two.
 */
export async function* readRanges(
  read: (start: number, end: number) => Promise<Buffer>,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  const begin = (at: number) => {
    const reading = at < end ? read(at, Math.min(end, at + READ_BYTES)) : undefined;
    // A reader that stops early never looks at it.
    reading?.catch(() => undefined);
    return reading;
  };
  let at = start;
  for (let next = begin(at); next !== undefined; ) {
    const piece = await next;
    at += READ_BYTES;
    next = begin(at);
    yield piece;
  }
}
