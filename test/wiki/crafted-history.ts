import { PackBatches } from '../../src/git/foreign/pack-batches.ts';
import { encodeCommit, encodeTag, hashObject } from '../../src/git/object/object-codec.ts';
import type { Commit, ObjectType } from '../../src/git/object/objects.ts';
import { adoptHistory } from '../../src/git/upkeep/adopt.ts';
import type { TestWiki } from './wiki-support.ts';

const SOMEBODY = { name: 'Somebody', email: 's@example.org', seconds: 1_700_000_000, offsetMinutes: 60 };

export interface Crafted {
  /** First parent of the head; touched `left.md`. */
  left: string;
  /** Second parent of the head; touched `right.md`. Its id begins with the same seven digits as `left`. */
  right: string;
  merge: string;
  /** An annotated tag on the head. */
  tag: string;
}

/** Brings a history into an empty wiki in which two commits share seven digits and one lies on a side branch. */
export async function craftHistory({
  repository,
  commit,
}: Pick<TestWiki, 'repository' | 'commit'>): Promise<Crafted> {
  const root = await commit({ 'left.md': 'old', 'right.md': 'old', 'other.md': 'old' });
  const batches = new PackBatches(repository);
  const add = async (type: ObjectType, bytes: Buffer): Promise<string> => {
    const oid = hashObject(type, bytes);
    await batches.add(type, oid, bytes);
    return oid;
  };
  const tree = async (files: Record<string, string>): Promise<string> => {
    const entries: Buffer[] = [];
    for (const name of ['left.md', 'other.md', 'right.md']) {
      const blob = await add('blob', Buffer.from(files[name] ?? 'old'));
      entries.push(Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex'));
    }
    return add('tree', Buffer.concat(entries));
  };
  const make = (of: string, parents: string[], message: string): Commit => ({
    tree: of,
    parents,
    author: SOMEBODY,
    committer: SOMEBODY,
    message,
  });
  const [leftTree, rightTree] = [await tree({ 'left.md': 'L' }), await tree({ 'right.md': 'R' })];
  const pair = sharingSevenDigits(
    number => encodeCommit(make(leftTree, [root], `left ${number}\n`)),
    number => encodeCommit(make(rightTree, [root], `right ${number}\n`)),
  );
  const [left, right] = [await add('commit', pair[0]), await add('commit', pair[1])];
  const both = await tree({ 'left.md': 'L', 'right.md': 'R' });
  const merge = await add('commit', encodeCommit(make(both, [left, right], 'merge\n')));
  const tag = await add(
    'tag',
    encodeTag({ target: merge, targetType: 'commit', name: 'v1', tagger: SOMEBODY, message: 'one\n' }),
  );
  await batches.finish();
  const { packs, collections } = batches;
  await adoptHistory(repository, { head: merge, packs, collections, refs: { 'refs/tags/v1': tag } });
  return { left, right, merge, tag };
}

function sharingSevenDigits(left: (n: number) => Buffer, right: (n: number) => Buffer): [Buffer, Buffer] {
  const seen = new Map<string, number>();
  for (let n = 0; ; n++) {
    seen.set(hashObject('commit', left(n)).slice(0, 7), n);
    const candidate = right(n);
    const found = seen.get(hashObject('commit', candidate).slice(0, 7));
    if (found !== undefined) return [left(found), candidate];
  }
}
