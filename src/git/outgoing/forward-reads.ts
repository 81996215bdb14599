import type { SourcePack } from './source-pack.ts';

const WINDOW_BYTES = 1 << 20;

/** Reads of a pack that go forward, a megabyte at once. */
export function forwardReads(pack: SourcePack): (start: number, end: number) => Promise<Buffer> {
  let from = 0;
  let window: Buffer = Buffer.alloc(0);
  return async (start, end) => {
    if (start < from || end > from + window.length) {
      window = await pack.read(start, Math.min(pack.bytes, Math.max(end, start + WINDOW_BYTES)));
      from = start;
    }
    return window.subarray(start - from, end - from);
  };
}
