import type { MaybePromise } from '../layer/layer.ts';
import type { SourcePack } from './source-pack.ts';

const WINDOW_BYTES = 1 << 20;

/** Reads of a pack that go forward, a megabyte at once: at once where the bytes are there. */
export function forwardReads(pack: SourcePack): (start: number, end: number) => MaybePromise<Buffer> {
  let from = 0;
  let window: Buffer = Buffer.alloc(0);
  const readOn = async (start: number, end: number) => {
    window = await pack.read(start, Math.min(pack.bytes, Math.max(end, start + WINDOW_BYTES)));
    from = start;
    return window.subarray(0, end - start);
  };
  return (start, end) =>
    start < from || end > from + window.length
      ? readOn(start, end)
      : window.subarray(start - from, end - from);
}
