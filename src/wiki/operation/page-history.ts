import type { CommitInfo, Touch, View } from '../../git/repository.ts';
import type { HistoryBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { Workspace } from '../change/workspace.ts';
import { cursorInvalid, historyEmpty } from '../errors.ts';
import { commitBody } from '../history/commit-text.ts';
import { detectRenames } from '../history/rename-detection.ts';
import { changesOf } from '../history/tree-changes.ts';
import { displayPath } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import type { PageRange } from '../wiki.ts';

/** Most entries of one answer. */
export const MAX_ENTRIES = 10_000;

/**
 * The commits that touched a page, newest first, through its renames (API contract 8). Without a limit all of them, up to
 * 10,000; then `next_cursor` leads on.
 */
export async function pageHistory(
  repository: Views,
  settings: WikiSettings,
  request: string,
  range: PageRange = {},
): Promise<HistoryBody> {
  const view = await repository.view();
  const page = await new Workspace(view, settings).page(request);
  const limit =
    range.limit !== undefined && range.limit > 0 ? Math.min(range.limit, MAX_ENTRIES) : MAX_ENTRIES;
  const history: HistoryBody['history'] = [];
  let skipping = range.cursor !== undefined;
  for await (const commit of followed(view, page.path)) {
    if (skipping) {
      skipping = commit.oid !== range.cursor;
      continue;
    }
    if (history.length === limit) {
      const last = history.at(-1)?.revision ?? '';
      return { history, path: displayPath(page.path, settings), next_cursor: last };
    }
    history.push(commitBody(commit));
  }
  if (skipping) throw cursorInvalid();
  if (history.length === 0 && range.cursor === undefined) throw historyEmpty(request);
  return { history, path: displayPath(page.path, settings) };
}

/** The commits that touched a file, under the names it had. */
async function* followed(view: View, path: string): AsyncGenerator<CommitInfo> {
  let current: { path: string; after: string | undefined } | undefined = { path, after: undefined };
  while (current !== undefined) {
    const name: { path: string; after: string | undefined } = current;
    current = undefined;
    for await (const { touch, created } of touchesFrom(view, name.path, name.after)) {
      const commit = await view.commit(touch.commit);
      if (commit === undefined) continue;
      yield commit;
      const source: string | undefined =
        created && touch.oid !== null ? await renamedFrom(view, commit, name.path) : undefined;
      if (source === undefined) continue;
      current = { path: source, after: touch.commit };
      break;
    }
  }
}

/** Touches of a path, from the one after `after` on, each with whether the file began to exist with it. */
async function* touchesFrom(
  view: View,
  path: string,
  after: string | undefined,
): AsyncGenerator<{ touch: Touch; created: boolean }> {
  let skipping = after !== undefined;
  let newer: Touch | undefined;
  for await (const touch of view.touches(path)) {
    if (newer !== undefined) yield { touch: newer, created: touch.oid === null };
    newer = skipping ? undefined : touch;
    if (touch.commit === after) skipping = false;
  }
  if (newer !== undefined) yield { touch: newer, created: true };
}

async function renamedFrom(view: View, commit: CommitInfo, path: string): Promise<string | undefined> {
  if (commit.parents.length === 0) return undefined;
  // What changed so many files was an import, which renames none.
  if ((await view.logEntry(commit.oid))?.omitted !== undefined) return undefined;
  const changes = await changesOf(view, commit);
  const removed = changes.flatMap(({ path, before, after }) =>
    before !== null && after === null ? [{ path, oid: before.oid }] : [],
  );
  const added = changes.flatMap(({ path, before, after }) =>
    before === null && after !== null ? [{ path, oid: after.oid }] : [],
  );
  return removed.length === 0 ? undefined : (await detectRenames(view, removed, added)).get(path);
}
