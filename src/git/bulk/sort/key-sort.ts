/** Fewer keys are inserted one by one. */
const FEW = 24;
/** Behind the end of a key, and the 256 bytes. */
const BUCKETS = 257;

/** Keys in one buffer; of each entry where its key begins, and where it ends. */
export interface Keys {
  bytes: Buffer;
  starts: Uint32Array;
  ends: Uint32Array;
}

/** The entries by the bytes of their keys: a radix sort from the first byte on, as comparing takes most of any other. Stable. */
export function sortByKeys(keys: Keys): Uint32Array {
  const entries = Uint32Array.from(keys.starts.keys());
  sortPart(entries, 0, entries.length, 0, { keys, other: new Uint32Array(entries.length) });
  return entries;
}

interface Sorting {
  keys: Keys;
  other: Uint32Array;
}

function sortPart(entries: Uint32Array, from: number, to: number, at: number, sorting: Sorting): void {
  if (to - from <= FEW) {
    insertEach(entries, from, to, at, sorting.keys);
    return;
  }
  const ends = new Uint32Array(BUCKETS);
  const depth = countBytes(entries, from, to, at, sorting.keys, ends);
  // All keys end here: they are the same.
  if (ends[0] === to - from) return;
  let sum = from;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = ends[bucket] as number;
    ends[bucket] = sum;
    sum += count;
  }
  const { keys, other } = sorting;
  other.set(entries.subarray(from, to), from);
  for (let index = from; index < to; index += 1) {
    const entry = other[index] as number;
    const bucket = bucketOf(keys, entry, depth);
    entries[ends[bucket] as number] = entry;
    ends[bucket] = (ends[bucket] as number) + 1;
  }
  for (let bucket = 1; bucket < BUCKETS; bucket += 1) {
    const [start, end] = [ends[bucket - 1] as number, ends[bucket] as number];
    if (end - start > 1) sortPart(entries, start, end, depth + 1, sorting);
  }
}

/** Counts the bytes at the first position from `at` on where not all have the same; returns that position. */
function countBytes(
  entries: Uint32Array,
  from: number,
  to: number,
  at: number,
  keys: Keys,
  counts: Uint32Array,
): number {
  for (let depth = at; ; depth += 1) {
    for (let index = from; index < to; index += 1) {
      const bucket = bucketOf(keys, entries[index] as number, depth);
      counts[bucket] = (counts[bucket] as number) + 1;
    }
    const first = bucketOf(keys, entries[from] as number, depth);
    if (counts[first] !== to - from || first === 0) return depth;
    counts[first] = 0;
  }
}

function bucketOf({ bytes, starts, ends }: Keys, entry: number, depth: number): number {
  const at = (starts[entry] as number) + depth;
  return at < (ends[entry] as number) ? (bytes[at] as number) + 1 : 0;
}

function insertEach(entries: Uint32Array, from: number, to: number, shared: number, keys: Keys): void {
  for (let index = from + 1; index < to; index += 1) {
    const entry = entries[index] as number;
    let at = index;
    for (; at > from && isBelow(keys, entry, entries[at - 1] as number, shared); at -= 1)
      entries[at] = entries[at - 1] as number;
    entries[at] = entry;
  }
}

/** Of keys whose first `shared` bytes are the same. */
function isBelow({ bytes, starts, ends }: Keys, a: number, b: number, shared: number): boolean {
  const [aEnd, bEnd] = [ends[a] as number, ends[b] as number];
  let left = (starts[a] as number) + shared;
  let right = (starts[b] as number) + shared;
  for (; left < aEnd && right < bEnd; left += 1, right += 1)
    if (bytes[left] !== bytes[right]) return (bytes[left] as number) < (bytes[right] as number);
  return left === aEnd && right < bEnd;
}
