type Compare<T> = (a: T, b: T) => number;

/** A binary heap in an array, its least item first: a sorted array is one. Puts the first item, which has changed, in its place. */
export function sinkFirst<T>(heap: T[], compare: Compare<T>): void {
  const item = heap[0] as T;
  for (let at = 0; ; ) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && compare(heap[below + 1] as T, heap[below] as T) < 0) below += 1;
    const least = heap[below] as T;
    if (compare(item, least) <= 0) break;
    heap[below] = item;
    heap[at] = least;
    at = below;
  }
}

/** Takes the first item away. */
export function dropFirst<T>(heap: T[], compare: Compare<T>): void {
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return;
  heap[0] = last;
  sinkFirst(heap, compare);
}
