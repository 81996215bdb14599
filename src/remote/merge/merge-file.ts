import type { Oid } from '../../git/object/objects.ts';
import { mergeText } from '../../wiki/markup/merge-text.ts';
import type { BothHistories } from './both-histories.ts';

/** A file in a tree. */
export interface TreeFile {
  oid: Oid;
  mode: number;
}

/** What our tree becomes: by path what is to stand there; null: nothing. */
export type Edits = Map<string, TreeFile | NewText | null>;

/** A text that is of both, and new. */
export interface NewText {
  text: Buffer;
  mode: number;
}

export type FileMerge = { kind: 'clean'; file: TreeFile | NewText } | { kind: 'conflict' };

/** Larger texts are left to people. */
const MAX_TEXT_BYTES = 4 << 20;

/** What is neither link nor submodule. */
const isRegular = ({ mode }: TreeFile) => (mode & 0o170000) === 0o100000;

/** Three versions of one file into one: by lines where they are texts. */
export async function mergeFile(
  base: TreeFile,
  ours: TreeFile,
  theirs: TreeFile,
  histories: BothHistories,
): Promise<FileMerge> {
  const mode = theirs.mode === base.mode ? ours.mode : theirs.mode;
  if (![base, ours, theirs].every(isRegular)) {
    const isOne = theirs.oid === ours.oid && theirs.mode === ours.mode;
    return isOne ? { kind: 'clean', file: ours } : { kind: 'conflict' };
  }
  if (theirs.oid === base.oid || theirs.oid === ours.oid)
    return { kind: 'clean', file: { oid: ours.oid, mode } };
  if (ours.oid === base.oid) return { kind: 'clean', file: { oid: theirs.oid, mode } };
  const blobs = await Promise.all([base, ours, theirs].map(({ oid }) => histories.blob(oid)));
  const [before, current, proposed] = blobs.map(textOf);
  if (before === undefined || current === undefined || proposed === undefined) return { kind: 'conflict' };
  const merged = await mergeText(before, current, proposed);
  return merged.kind === 'clean'
    ? { kind: 'clean', file: { text: Buffer.from(merged.text), mode } }
    : { kind: 'conflict' };
}

/** Undefined: no text, or a very long one. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.byteLength(text) === bytes.length && !text.includes('\uFFFD') ? text : undefined;
}
