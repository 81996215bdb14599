import type { LogEntry, View } from '../../git/repository.ts';
import type { ChangelogBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { cursorInvalid } from '../errors.ts';
import { commitBody } from '../history/commit-text.ts';
import { detectRenames } from '../history/rename-detection.ts';
import { displayPath, isPageFile } from '../name/page-path.ts';
import type { WikiSettings } from '../settings.ts';
import type { PageRange } from '../wiki.ts';
import { MAX_ENTRIES } from './page-history.ts';

const DEFAULT_ENTRIES = 50;

/**
 * The commits of the whole wiki, newest first (API contract 9). 50 of them unless a limit says otherwise; 0 or less
 * means all, up to 10,000. Where more follow, a call with a limit is given `next_cursor`.
 */
export async function changelog(
  repository: Views,
  settings: WikiSettings,
  range: PageRange = {},
): Promise<ChangelogBody> {
  const view = await repository.view();
  const wanted = range.limit ?? DEFAULT_ENTRIES;
  const limit = wanted > 0 ? Math.min(wanted, MAX_ENTRIES) : MAX_ENTRIES;
  const entries: ChangelogBody['entries'] = [];
  let skipping = range.cursor !== undefined;
  for await (const entry of view.log()) {
    if (skipping) {
      skipping = entry.commit.oid !== range.cursor;
      continue;
    }
    if (entries.length === limit) {
      return { entries, total: entries.length, next_cursor: entries.at(-1)?.revision ?? '' };
    }
    const pages_affected = await pagesAffected(view, entry, settings);
    entries.push({ ...commitBody(entry.commit), pages_affected });
  }
  if (skipping) throw cursorInvalid();
  return { entries, total: entries.length };
}

/** Display paths of the pages that a commit changed; of a page that moved only the new one. */
async function pagesAffected(view: View, { changes }: LogEntry, settings: WikiSettings): Promise<string[]> {
  const removed = changes.flatMap(({ path, oid, before }) =>
    oid === null && before !== null ? [{ path, oid: before }] : [],
  );
  const added = changes.flatMap(({ path, oid, before }) =>
    oid !== null && before === null ? [{ path, oid }] : [],
  );
  const pairs = removed.length > 0 && added.length > 0;
  const gone = new Set(pairs ? (await detectRenames(view, removed, added)).values() : []);
  return changes
    .filter(({ path }) => isPageFile(path) && !gone.has(path))
    .map(({ path }) => displayPath(path, settings));
}
