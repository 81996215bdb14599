import type { FolderEntry } from '../repository.ts';
import type { Tree } from './tree.ts';
import { parseChunk } from './tree-chunk.ts';
import { readEntries } from './tree-read.ts';

const BLOCK_BYTES = 1024;

/**
 * The entries of two trees that are not common to both, some that are among them. What comes before and behind is
 * compared as bytes: a tree mostly differs from its predecessor in one entry of many.
 */
export function differingEntries(old: Tree, now: Tree): { old: FolderEntry[]; now: FolderEntry[] } {
  const [a, b] = [old.bytes(), now.bytes()];
  const start = now.entryStart(commonStart(a, b));
  const shared = Math.min(commonEnd(a, b), Math.min(a.length, b.length) - start);
  let end = b.length - shared;
  // The same bytes may be a whole entry in one and the end of a longer one in the other.
  while (end < b.length && !(isStart(now, end) && isStart(old, end + a.length - b.length)))
    end = now.entryEnd(now.entryStart(end));
  return {
    old: entriesOf(a.subarray(start, end + a.length - b.length)),
    now: entriesOf(b.subarray(start, end)),
  };
}

function isStart(tree: Tree, offset: number): boolean {
  return tree.entryStart(offset) === offset;
}

function entriesOf(bytes: Buffer): FolderEntry[] {
  return [...readEntries(parseChunk(bytes))];
}

function commonStart(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at + BLOCK_BYTES <= length && a.compare(b, at, at + BLOCK_BYTES, at, at + BLOCK_BYTES) === 0)
    at += BLOCK_BYTES;
  while (at < length && a[at] === b[at]) at += 1;
  return at;
}

function commonEnd(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  let [left, right, done] = [a.length, b.length, 0];
  while (done + BLOCK_BYTES <= length) {
    const isSame = a.compare(b, right - BLOCK_BYTES, right, left - BLOCK_BYTES, left) === 0;
    if (!isSame) break;
    [left, right, done] = [left - BLOCK_BYTES, right - BLOCK_BYTES, done + BLOCK_BYTES];
  }
  while (done < length && a[left - 1] === b[right - 1]) [left, right, done] = [left - 1, right - 1, done + 1];
  return done;
}
