import { isKittiwakeError } from '../core/errors.ts';
import type { Draft } from '../draft/draft.ts';
import type { Conflict } from '../wiki/errors.ts';
import { mergeText, unifiedDiff } from '../wiki/markup/merge-text.ts';
import type { Wiki } from '../wiki/wiki.ts';

/** How a page is, seen from a draft of it. */
export interface DraftedPage {
  /** Null: there is no page. */
  current_revision: string | null;
  /** The page is not the one any more that the writing began with. */
  moved_on: boolean;
}

/** What a draft and a page that has moved on come to. */
export type MergeProposal =
  | { clean: true; content: string }
  | { clean: false; hunks: Conflict['hunks']; diff: string };

const ABSENT = ['page_not_found', 'revision_purged', 'page_not_text'];

export async function draftedPage(wiki: Wiki, { file, baseRevision }: Draft): Promise<DraftedPage> {
  const revision = (await pageAt(wiki, file))?.revision ?? null;
  const isBase =
    baseRevision === null || revision === null
      ? baseRevision === revision
      : revision.startsWith(baseRevision);
  return { current_revision: revision, moved_on: !isBase };
}

/** Null: the page, or the text that the writing began with, is not there any more. */
export async function mergeProposal(wiki: Wiki, draft: Draft): Promise<MergeProposal | null> {
  const { file, baseRevision, content } = draft;
  const [base, current] = await Promise.all([
    baseRevision === null ? { content: '' } : pageAt(wiki, file, baseRevision),
    pageAt(wiki, file),
  ]);
  if (base === undefined || current === undefined) return null;
  const merge = await mergeText(base.content, current.content, content);
  if (merge.kind === 'clean') return { clean: true, content: merge.text };
  return { clean: false, hunks: merge.hunks, diff: await unifiedDiff(current.content, content) };
}

/** As the caller may read it. */
async function pageAt(
  wiki: Wiki,
  file: string,
  revision?: string,
): Promise<{ content: string; revision: string } | undefined> {
  try {
    return (await wiki.readPage(file, revision === undefined ? {} : { revision })).body;
  } catch (error) {
    if (isKittiwakeError(error) && ABSENT.includes(error.code)) return undefined;
    throw error;
  }
}
