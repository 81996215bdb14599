import type { GetOptions } from './byte-store.ts';

/** The bytes `start` (inclusive) to `end` (exclusive) that `range` means in an object of `size` bytes. */
export function resolveRange(range: GetOptions['range'], size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size };
  const start = range.start < 0 ? Math.max(0, size + range.start) : Math.min(range.start, size);
  const end = range.start < 0 ? size : Math.min(range.end ?? size, size);
  return { start, end: Math.max(start, end) };
}
