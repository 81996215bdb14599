import { objectCorrupt } from '../errors.ts';

const OID_BYTES = 20;
/** A call to compare buffers takes as long as this many bytes one by one. */
const COMPARED_BYTES = 128;
const FOLDER_DIGIT = 0x34;

/** An entry of a tree, as it lies there. */
export interface RawEntry {
  /** Mode, space and name. */
  front: string;
  kind: 'folder' | 'file' | 'submodule';
  oid: string;
}

/** The entries between two offsets. @throws KittiwakeError `object_corrupt` */
export function* rawEntries(tree: Buffer, start = 0, end = tree.length): Generator<RawEntry> {
  for (let at = start; at < end; ) {
    const nul = nulAfter(tree, at);
    const next = nul + 1 + OID_BYTES;
    if (nul < 0 || next > tree.length) throw objectCorrupt('tree', 'an entry is cut off');
    const front = tree.toString('latin1', at, nul);
    yield { front, kind: kindOf(tree, at, front), oid: tree.toString('hex', nul + 1, next) };
    at = next;
  }
}

/** `40000` and, of some old programs, `040000`; `160000` is a commit of another repository. */
function kindOf(tree: Buffer, at: number, front: string): RawEntry['kind'] {
  if (tree[at] === FOLDER_DIGIT || front.startsWith('040000 ')) return 'folder';
  return front.startsWith('160000 ') ? 'submodule' : 'file';
}

/** What of two trees differs: where it begins in both, and where it ends in each. Both are cut at entries. */
export function differingPart(
  before: Buffer,
  after: Buffer,
): { start: number; beforeEnd: number; afterEnd: number } {
  const shorter = Math.min(before.length, after.length);
  const same = equalFront(before, after, shorter);
  const start = entryStart(after, same);
  const tail = equalBack(before, after, shorter - start);
  // The last entry that differs may end with bytes that are alike.
  const afterEnd = entryEnd(after, start, after.length - tail);
  const beforeEnd = before.length - (after.length - afterEnd);
  return beforeEnd >= start && isEntryEnd(before, start, beforeEnd)
    ? { start, beforeEnd, afterEnd }
    : { start, beforeEnd: before.length, afterEnd: after.length };
}

/** How many bytes are equal from the front. */
function equalFront(a: Buffer, b: Buffer, limit: number): number {
  let [low, high] = [0, limit];
  while (high - low > COMPARED_BYTES) {
    const middle = (low + high + 1) >>> 1;
    if (a.compare(b, low, middle, low, middle) === 0) low = middle;
    else high = middle - 1;
  }
  while (low < high && a[low] === b[low]) low += 1;
  return low;
}

function equalBack(a: Buffer, b: Buffer, limit: number): number {
  let [low, high] = [0, limit];
  while (high - low > COMPARED_BYTES) {
    const middle = (low + high + 1) >>> 1;
    const isEqual = a.compare(b, b.length - middle, b.length - low, a.length - middle, a.length - low) === 0;
    if (isEqual) low = middle;
    else high = middle - 1;
  }
  while (low < high && a[a.length - 1 - low] === b[b.length - 1 - low]) low += 1;
  return low;
}

/** Where the entry begins that holds byte `wanted`. */
function entryStart(tree: Buffer, wanted: number): number {
  let at = 0;
  for (let next = 0; next <= wanted && at < tree.length; ) {
    at = next;
    next = nextEntry(tree, at);
    if (next > tree.length) break;
  }
  return Math.min(at, tree.length);
}

/** The first end of an entry at or behind `wanted`. */
function entryEnd(tree: Buffer, start: number, wanted: number): number {
  let at = start;
  while (at < wanted) at = nextEntry(tree, at);
  return at;
}

function isEntryEnd(tree: Buffer, start: number, wanted: number): boolean {
  return entryEnd(tree, start, wanted) === wanted;
}

/** @throws KittiwakeError `object_corrupt` */
function nextEntry(tree: Buffer, at: number): number {
  const nul = nulAfter(tree, at);
  if (nul < 0) {
    if (at === tree.length) return at + 1;
    throw objectCorrupt('tree', 'an entry is cut off');
  }
  return nul + 1 + OID_BYTES;
}

/** Names are short, so a call to search takes longer than this; -1: there is none. */
function nulAfter(tree: Buffer, start: number): number {
  let at = start;
  while (at < tree.length && tree[at] !== 0) at += 1;
  return at < tree.length ? at : -1;
}
