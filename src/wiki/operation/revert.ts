import type { Oid } from '../../git/object/objects.ts';
import type { CommitInfo } from '../../git/repository.ts';
import type { RevertBody } from '../bodies.ts';
import type { Outcome } from '../change/outcome.ts';
import { findCommit, lackOf } from '../change/revision.ts';
import type { Workspace } from '../change/workspace.ts';
import { batchTooLarge, commitNotFound, revertConflict } from '../errors.ts';
import { changesOf, type TreeChange } from '../history/tree-changes.ts';
import { mergeText } from '../markup/merge-text.ts';
import { decodeText, encodeText } from '../markup/text.ts';
import { displayPath, isPageFile } from '../name/page-path.ts';

/**
 * Undoes what one commit did, against its first parent, and keeps what was done since. All of it or nothing.
 * @throws KittiwakeError `revert_conflict` naming the pages where later changes are in the way; `batch_too_large` for an import of
 *   very many files
 */
export async function revertCommit(workspace: Workspace, revision: string): Promise<Outcome<RevertBody>> {
  const { view, settings } = workspace;
  const oid = await findCommit(view, revision);
  const commit = oid === undefined ? undefined : await view.commit(oid);
  if (commit === undefined) throw await lackOf(view, revision, commitNotFound(revision));
  const entry = await view.logEntry(commit.oid);
  if (entry?.omitted !== undefined)
    throw batchTooLarge(entry.changes.length + entry.omitted, entry.changes.length);
  const conflicts: string[] = [];
  const changed: string[] = [];
  const changes = await changesOf(workspace.whole, commit);
  workspace.demand(changes.map(({ path }) => path));
  for (const change of changes) {
    await workspace.step();
    const outcome = await undo(workspace, change);
    if (outcome === 'conflict') conflicts.push(shown(change.path));
    if (outcome === 'changed' && isPageFile(change.path)) changed.push(shown(change.path));
  }
  if (conflicts.length > 0) throw revertConflict(commit.oid, conflicts);
  return {
    summary: summaryOf(commit),
    subject: changed.join(', '),
    body: made => ({ pages: changed, reverted: commit.oid, revision: made ?? view.head ?? '' }),
  };

  function shown(path: string): string {
    return isPageFile(path) ? displayPath(path, settings) : path;
  }
}

async function undo(
  workspace: Workspace,
  { path, before, after }: TreeChange,
): Promise<'changed' | 'kept' | 'conflict'> {
  const { view } = workspace;
  const now = await workspace.file(path);
  if (now?.oid === before?.oid) return 'kept';
  if (now?.oid === after?.oid) {
    if (before === null) workspace.remove(path);
    else await workspace.writeKnown(path, before.oid, (await view.openBlob(before.oid)).size);
    return 'changed';
  }
  if (now === undefined || before === null || after === null) return 'conflict';
  if (!(await areMergeable(workspace, path, [before.oid, after.oid, now.oid]))) return 'conflict';
  const [undone, applied, current] = [
    decodeText(await view.blob(before.oid)),
    decodeText(await view.blob(after.oid)),
    decodeText(await workspace.read(now)),
  ];
  if (undone === undefined || applied === undefined || current === undefined) return 'conflict';
  const merge = await mergeText(applied, current, undone);
  if (merge.kind === 'conflict') return 'conflict';
  return (await workspace.write(path, encodeText(merge.text))) ? 'changed' : 'kept';
}

/** Attachments may be of any size: what is too large to be a text is not read. */
async function areMergeable({ view, settings }: Workspace, path: string, oids: Oid[]): Promise<boolean> {
  if (isPageFile(path)) return true;
  const blobs = await Promise.all(oids.map(oid => view.openBlob(oid)));
  return blobs.every(blob => blob.size <= settings.maxAttachmentBytes);
}

function summaryOf(commit: CommitInfo): string {
  const subject = commit.message.split('\n', 1)[0] ?? '';
  return `Revert: ${subject}\n\nThis reverts commit ${commit.oid}.`;
}
