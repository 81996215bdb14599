import type { Oid } from '../../git/object/objects.ts';
import { comparePaths } from '../../git/object/paths.ts';
import type { CommitInfo, LogEntry, View } from '../../git/repository.ts';
import { detectRenames } from '../../wiki/history/rename-detection.ts';
import { changesOf } from '../../wiki/history/tree-changes.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import type { EventOrigin, WikiEvent } from './wiki-event.ts';

interface FileChange {
  path: string;
  before: Oid | null;
  after: Oid | null;
}

type Happened = Pick<WikiEvent, 'type' | 'file'> & { from?: string };

/** What a commit did to its first parent, in path order. Of one that changed very many files, only that it did. */
export async function eventsOf(view: View, entry: LogEntry): Promise<WikiEvent[]> {
  if (entry.omitted !== undefined) return [changedHistory(entry.commit)];
  const changes = await fileChanges(view, entry);
  const [pages, others] = [changes.filter(isPage), changes.filter(change => !isPage(change))];
  const happened = [...(await pageEvents(view, pages)), ...others.map(attachmentEvent)];
  return happened
    .sort((a, b) => comparePaths(a.file, b.file))
    .map((event, n) => ({ ...originOf(entry.commit, String(n)), ...event }) as WikiEvent);
}

/** What is told when the way to the commit is not known. */
export async function historyChanged(view: View, head: Oid): Promise<WikiEvent | undefined> {
  const commit = await view.commit(head);
  return commit && changedHistory(commit);
}

function changedHistory(commit: CommitInfo): WikiEvent {
  return { ...originOf(commit, 'history'), type: 'history_changed', file: '' };
}

/** The log lists of a merge only what differs from all of its parents. */
async function fileChanges(view: View, { commit, changes }: LogEntry): Promise<FileChange[]> {
  if (commit.parents.length <= 1)
    return changes.map(({ path, before, oid }) => ({ path, before, after: oid }));
  const found = await changesOf(view, commit);
  return found.map(({ path, before, after }) => ({
    path,
    before: before?.oid ?? null,
    after: after?.oid ?? null,
  }));
}

function isPage({ path }: FileChange): boolean {
  return isPageFile(path);
}

async function pageEvents(view: View, changes: readonly FileChange[]): Promise<Happened[]> {
  const removed = changes.flatMap(({ path, before, after }) =>
    before !== null && after === null ? [{ path, oid: before }] : [],
  );
  const added = changes.flatMap(({ path, before, after }) =>
    before === null && after !== null ? [{ path, oid: after }] : [],
  );
  const renames = await detectRenames(view, removed, added);
  const moved = new Set(renames.values());
  return changes.flatMap(change => (moved.has(change.path) ? [] : [pageEvent(change, renames)]));
}

function pageEvent({ path: file, before, after }: FileChange, renames: Map<string, string>): Happened {
  const from = renames.get(file);
  if (from !== undefined) return { type: 'page_renamed', file, from };
  if (after === null) return { type: 'page_deleted', file };
  return { type: before === null ? 'page_created' : 'page_updated', file };
}

function attachmentEvent({ path: file, after }: FileChange): Happened {
  return { type: after === null ? 'attachment_deleted' : 'attachment_saved', file };
}

function originOf({ oid, ordinal, author, message }: CommitInfo, n: string): EventOrigin {
  const { name, email, seconds, offsetMinutes } = author;
  return {
    id: `${oid}-${n}`,
    commit: oid,
    ordinal,
    author: { name, email },
    seconds,
    offsetMinutes,
    message: message.replace(/\n+$/, ''),
  };
}
