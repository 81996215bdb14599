import { dropFirst, sinkFirst } from './least-first.ts';
import type { RunCursor } from './run-cursor.ts';

/** Runs as one: a binary heap of cursors, the first row of all at its top. */
export class RunMerge {
  readonly #heap: RunCursor[];

  private constructor(heap: RunCursor[]) {
    this.#heap = heap;
  }

  /** Of cursors that stand before their first row. */
  static async of(cursors: readonly RunCursor[]): Promise<RunMerge> {
    const filled: RunCursor[] = [];
    for (const cursor of cursors) if (await cursor.next()) filled.push(cursor);
    // A sorted list is a heap.
    return new RunMerge(filled.sort(compareCursors));
  }

  /** Stands at the first row of what is left. */
  get top(): RunCursor | undefined {
    return this.#heap[0];
  }

  /** Leaves the row at the top. */
  advance(): void | Promise<void> {
    const more = (this.#heap[0] as RunCursor).next();
    if (more instanceof Promise) return more.then(is => this.#settle(is));
    this.#settle(more);
  }

  #settle(more: boolean): void {
    if (more) sinkFirst(this.#heap, compareCursors);
    else dropFirst(this.#heap, compareCursors);
  }
}

function compareCursors(a: RunCursor, b: RunCursor): number {
  return comparePathsOf(a, b) || a.source - b.source || a.row - b.row || a.run - b.run;
}

/** Calling into Node takes longer than the few bytes do. */
function comparePathsOf(a: RunCursor, b: RunCursor): number {
  const [left, right] = [a.bytes, b.bytes];
  const { pathStart: aStart, pathEnd: aEnd } = a;
  const { pathStart: bStart, pathEnd: bEnd } = b;
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let at = 0; at < length; at += 1) {
    const difference = (left[aStart + at] as number) - (right[bStart + at] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
