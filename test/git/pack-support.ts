import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { encodeCommit, hashObject } from '../../src/git/object/object-codec.ts';
import type { GitObject, Oid } from '../../src/git/object/objects.ts';
import { createDelta } from '../../src/git/pack/delta.ts';
import type { BuiltPack } from '../../src/git/pack/pack-assembler.ts';
import type { PackIndex } from '../../src/git/pack/pack-index.ts';
import { PackReader, type PackReaderOptions } from '../../src/git/pack/pack-reader.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { Tree } from '../../src/git/tree/tree.ts';

/** A small history: per commit, the texts of some pages. */
export const histories = fc.array(
  fc.dictionary(
    fc.constantFrom('a.md', 'a', 'a-b', 'b b.md', 'ü.md'),
    fc.array(
      fc.constantFrom('one line of a page\n', 'another line\n', 'a third one, a bit longer\n', '\0\xff'),
      { maxLength: 40 },
    ),
    { maxKeys: 4 },
  ),
  { minLength: 1, maxLength: 12 },
);

/** The history's objects in a pack, older blobs as deltas against newer ones; and what each object should be. */
export function packOf(history: readonly Record<string, string[]>[]): {
  built: BuiltPack;
  objects: Map<Oid, GitObject>;
} {
  const writer = new PackWriter();
  const objects = new Map<Oid, GitObject>();
  const newer = new Map<string, { oid: Oid; bytes: Buffer }>();
  let parent: Oid | undefined;
  for (const [step, pages] of history.entries()) {
    const entries = Object.entries(pages).map(([name, lines]) => {
      const bytes = Buffer.from(lines.join(''));
      const oid = hashObject('blob', bytes);
      const base = newer.get(name);
      const delta = base && base.oid !== oid ? createDelta(base.bytes, bytes) : undefined;
      if (base && delta) writer.addDelta(base.oid, oid, delta);
      else writer.add('blob', oid, bytes);
      objects.set(oid, { type: 'blob', bytes });
      newer.set(name, { oid, bytes });
      return { name, mode: 0o100644, oid };
    });
    const tree = Tree.from(entries);
    writer.add('tree', tree.oid, tree.parts());
    objects.set(tree.oid, { type: 'tree', bytes: tree.bytes() });
    const who = { name: 'Ann', email: 'ann@example.org', seconds: 1_700_000_000 + step, offsetMinutes: 0 };
    const parents = parent ? [parent] : [];
    const bytes = encodeCommit({
      tree: tree.oid,
      parents,
      author: who,
      committer: who,
      message: `${step}\n`,
    });
    parent = hashObject('commit', bytes);
    writer.add('commit', parent, bytes);
    objects.set(parent, { type: 'commit', bytes });
  }
  return { built: writer.finish(), objects };
}

/** A reader over bytes in memory that counts what it is asked for. */
export function readerOf(
  pack: Buffer,
  index: PackIndex,
  options: Partial<PackReaderOptions> = {},
): PackReader & { reads: { start: number; end: number }[] } {
  const reads: { start: number; end: number }[] = [];
  const read = (start: number, end: number) => {
    reads.push({ start, end });
    return pack.subarray(start, end);
  };
  return Object.assign(new PackReader({ index, size: pack.length, read, ...options }), { reads });
}

/** Replaces the checksum at the end, so that damage before it is met by the code behind the checksum. */
export function resealed(bytes: Buffer): Buffer {
  const sealed = Buffer.from(bytes);
  createHash('sha1')
    .update(sealed.subarray(0, -20))
    .digest()
    .copy(sealed, sealed.length - 20);
  return sealed;
}
