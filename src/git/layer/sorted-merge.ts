export type Compare<T> = (a: T, b: T) => number;

/** Two sorted lists as one; of equal elements that of `upper` stays. Cheap when one list is much shorter. */
export function overlay<T>(upper: readonly T[], lower: readonly T[], compare: Compare<T>): readonly T[] {
  if (upper.length === 0) return lower;
  if (lower.length === 0) return upper;
  const merged: T[] = [];
  let at = 0;
  for (const item of upper) {
    const end = seek(lower, item, at, compare);
    for (; at < end; at += 1) merged.push(lower[at] as T);
    if (at < lower.length && compare(lower[at] as T, item) === 0) at += 1;
    merged.push(item);
  }
  for (; at < lower.length; at += 1) merged.push(lower[at] as T);
  return merged;
}

/** Position of the first element from `from` on that is not below `item`. Steps that double find the neighbourhood. */
function seek<T>(list: readonly T[], item: T, from: number, compare: Compare<T>): number {
  let [low, step] = [from, 1];
  while (low + step <= list.length && compare(list[low + step - 1] as T, item) < 0) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, list.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle] as T, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Goes through sorted inputs together: for each key the elements that have it, in the order of the inputs. */
export function* mergeSorted<T>(inputs: readonly Iterable<T>[], compare: Compare<T>): Generator<T[]> {
  const heads = inputs.map(input => {
    const iterator = input[Symbol.iterator]();
    return { iterator, result: iterator.next() };
  });
  for (;;) {
    const open = heads.filter(head => !head.result.done);
    const first = open[0];
    if (!first) return;
    let least = first.result.value as T;
    for (const head of open) if (compare(head.result.value as T, least) < 0) least = head.result.value as T;
    const group: T[] = [];
    for (const head of open) {
      if (compare(head.result.value as T, least) !== 0) continue;
      group.push(head.result.value as T);
      head.result = head.iterator.next();
    }
    yield group;
  }
}
