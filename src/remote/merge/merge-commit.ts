import { formatCommit } from '../../git/commit/commit.ts';
import type { IncomingObjects } from '../../git/incoming/incoming-objects.ts';
import { encodeCommit } from '../../git/object/object-codec.ts';
import type { Commit, Oid } from '../../git/object/objects.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { Change } from '../../git/repository.ts';
import type { BothHistories } from './both-histories.ts';
import type { Edits } from './merge-file.ts';

export interface MergeText {
  message: string;
  author: { name: string; email: string };
}

/** Whom the commit of a merge names that every wiki makes alike. */
const SAME = { name: 'Kittiwake', email: 'kittiwake@localhost', offsetMinutes: 0 };

/**
 * Adds to what came the commit that merges it into our tree: the newest commit of the wiki is its first parent.
 * @throws KittiwakeError `path_clash`, `path_unsafe` when the edits do not fit
 */
export async function addMerge(
  made: { edits: Edits; theirs: Oid; text: MergeText },
  { repository, incoming }: { repository: LedgerRepository; incoming: IncomingObjects },
  histories: BothHistories,
): Promise<Oid> {
  const { edits, theirs, text } = made;
  const { view } = histories;
  const { head } = view;
  if (head === undefined) throw new RangeError('There is nothing to merge into');
  const { tree: root } = await histories.commit(head);
  const changes: Change[] = [];
  for (const [path, edit] of edits) changes.push({ path, to: changeTo(edit, incoming) });
  const draft = { ...text, changes };
  const { runtime, committer } = repository;
  const { commit, trees } = await formatCommit(draft, {
    ledger: view.ledger,
    requestId: runtime.randomBytes(16).toString('hex'),
    nowMs: runtime.now(),
    committer,
    root: await histories.tree(root),
    load: oid => histories.tree(oid),
    large: () => undefined,
    known: () => true,
  });
  for (const tree of trees) incoming.add('tree', tree.bytes());
  return incoming.add('commit', encodeCommit({ ...commit, parents: [head, theirs] }));
}

/**
 * The merge of two commits with one tree. Wherever it is made it is the same commit, so that two wikis that pull from each other
 * come to one history at once.
 */
export async function addMergeOfSame(
  ours: Oid,
  theirs: Oid,
  incoming: IncomingObjects,
  histories: BothHistories,
): Promise<Oid> {
  const parents = [ours, theirs].sort();
  const commits = await Promise.all(parents.map(oid => histories.commit(oid)));
  const seconds = Math.max(...commits.map(({ committer }) => committer.seconds));
  const commit: Commit = {
    tree: commits[0]?.tree ?? '',
    parents,
    author: { ...SAME, seconds },
    committer: { ...SAME, seconds },
    message: 'Merge histories with the same contents\n',
  };
  return incoming.add('commit', encodeCommit(commit));
}

function changeTo(
  edit: Edits extends Map<string, infer E> ? E : never,
  incoming: IncomingObjects,
): Change['to'] {
  if (edit === null) return null;
  if ('oid' in edit) return { oid: edit.oid, mode: edit.mode, size: 0 };
  return { oid: incoming.add('blob', edit.text), mode: edit.mode, size: edit.text.length };
}
