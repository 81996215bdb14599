import type { LogEntry, Touch, View } from '../../git/repository.ts';
import { detectRenames } from '../../wiki/history/rename-detection.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import type { ListedPage, PageTable } from './page-table.ts';

/** Renames that one redirect may follow. */
const MAX_STEPS = 16;
/** Earlier names of one page. */
const MAX_NAMES = 64;

/** Old files by new files, by commit, as one view shows it. */
const known = new WeakMap<View, Map<string, Promise<ReadonlyMap<string, string>>>>();

/**
 * Where a page is now that was renamed. It follows from the history of the path alone: the commit that removed it last, and what it
 * became there; and so on while that is gone as well.
 * @param view what the audience may read
 */
export async function redirectTarget(
  file: string,
  view: View,
  table: PageTable,
): Promise<ListedPage | undefined> {
  const seen = new Set<string>();
  for (let at: string | undefined = file; at !== undefined && seen.size < MAX_STEPS; ) {
    if (seen.has(at)) return undefined;
    seen.add(at);
    const newest = await newestTouch(view, at);
    if (newest === undefined || newest.oid !== null) return undefined;
    const next = await renamedTo(view, at, newest);
    const page = next === undefined ? undefined : table.find(next);
    if (page !== undefined) return page;
    at = next;
  }
  return undefined;
}

/** Files that redirect to a page, or would if it were there: what it was called before, and before that. */
export async function formerNames(file: string, view: View): Promise<Set<string>> {
  const names = new Set<string>();
  const open = [file];
  for (let at = open.pop(); at !== undefined && names.size < MAX_NAMES; at = open.pop()) {
    for (const touch of await creations(view, at)) {
      const renames = await renamesOf(view, touch.commit);
      const from = renames.get(at);
      if (from === undefined || from === file || names.has(from)) continue;
      names.add(from);
      open.push(from);
    }
  }
  return names;
}

async function newestTouch(view: View, file: string): Promise<Touch | undefined> {
  for await (const touch of view.touches(file)) return touch;
  return undefined;
}

/** Touches that brought a file back, or brought it at all. */
async function creations(view: View, file: string): Promise<Touch[]> {
  const touches: Touch[] = [];
  for await (const touch of view.touches(file)) touches.push(touch);
  return touches.filter(({ oid }, at) => oid !== null && (touches[at + 1]?.oid ?? null) === null);
}

async function renamedTo(view: View, file: string, { commit }: Touch): Promise<string | undefined> {
  for (const [to, from] of await renamesOf(view, commit)) if (from === file) return to;
  return undefined;
}

/** Of pages. What the audience may not read is not among them. */
function renamesOf(view: View, commit: string): Promise<ReadonlyMap<string, string>> {
  const byCommit = known.get(view) ?? new Map<string, Promise<ReadonlyMap<string, string>>>();
  known.set(view, byCommit);
  const renames = byCommit.get(commit) ?? detectIn(view, commit);
  byCommit.set(commit, renames);
  return renames;
}

async function detectIn(view: View, commit: string): Promise<ReadonlyMap<string, string>> {
  const entry = await view.logEntry(commit);
  return entry === undefined ? new Map() : detect(view, entry);
}

function detect(view: View, { changes }: LogEntry): Promise<Map<string, string>> {
  const pages = changes.filter(({ path }) => isPageFile(path));
  const removed = pages.flatMap(({ path, oid, before }) =>
    oid === null && before !== null ? [{ path, oid: before }] : [],
  );
  const added = pages.flatMap(({ path, oid, before }) =>
    before === null && oid !== null ? [{ path, oid }] : [],
  );
  if (removed.length === 0 || added.length === 0) return Promise.resolve(new Map());
  return detectRenames(view, removed, added);
}
