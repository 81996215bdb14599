import { isKittiwakeError } from '../../core/errors.ts';
import type { FileInfo } from '../../git/repository.ts';
import { mergeConflict } from '../errors.ts';
import { decodeText } from '../markup/text.ts';
import type { Lock, OnConflict } from '../wiki.ts';
import { isRegular } from './file-mode.ts';
import { findCommit } from './revision.ts';
import type { WorkFile, Workspace } from './workspace.ts';

export interface MergeRequest {
  lock: Lock & { onConflict?: OnConflict };
  file: WorkFile & { info: FileInfo };
  /** Throws when the page is not as the caller has read it. */
  check(): Promise<void>;
  /** What the caller wants the page to become, given the text that the caller has read. */
  propose(base: string): Promise<string>;
  current(): Promise<string>;
}

/**
 * The merged text when the caller's revision is stale and merging is asked for; undefined when it is not stale.
 * @throws KittiwakeError what `check` throws; `merge_conflict`
 */
export async function mergeStale(workspace: Workspace, request: MergeRequest): Promise<string | undefined> {
  try {
    await request.check();
    return undefined;
  } catch (error) {
    if (request.lock.onConflict !== 'merge' || !isKittiwakeError(error, 'revision_mismatch')) throw error;
    const base = await textAt(workspace, request.file.path, request.lock.revision ?? '');
    if (base === undefined) throw error;
    const { mergeText, unifiedDiff } = await import('../markup/merge-text.ts');
    const [current, proposed] = [await request.current(), await request.propose(base)];
    const merge = await mergeText(base, current, proposed);
    if (merge.kind === 'clean') return merge.text;
    throw mergeConflict({
      current_revision: request.file.info.commit,
      diff: await unifiedDiff(current, proposed),
      hunks: merge.hunks,
    });
  }
}

async function textAt({ view }: Workspace, path: string, revision: string): Promise<string | undefined> {
  const commit = await findCommit(view, revision);
  const entry = commit === undefined ? undefined : await (await view.at(commit)).entry(path);
  return entry === undefined || !isRegular(entry.mode) ? undefined : decodeText(await view.blob(entry.oid));
}
