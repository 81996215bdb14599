import { documentFormat } from '../swap/document.ts';
import { draftUnreadable } from './errors.ts';

/** A page as its author is writing it: saved as often as wanted, never committed. One for each page and author. */
export interface Draft {
  /** File of the page. */
  file: string;
  content: string;
  /** The revision of the page that the author began with; null: there was no page. */
  baseRevision: string | null;
  cursor: Cursor;
  /** Milliseconds since the epoch. */
  updatedMs: number;
  /** Another one with each save: the draft's ETag, without its quotes. */
  version: string;
}

/** Where the author was: line and character, both from 0. */
export interface Cursor {
  line: number;
  ch: number;
}

/** How a draft lies in the store: a document under `drafts/<uuid>/<hash of the author>/<hash of the file>`. */
export const DRAFT_FORMAT = documentFormat('draft 1', parseDraft);

function parseDraft(body: unknown): Draft {
  const { file, content, baseRevision, cursor, updatedMs, version } = body as Partial<Draft>;
  const isSound =
    [file, content, version].every(text => typeof text === 'string') &&
    (baseRevision === null || typeof baseRevision === 'string') &&
    [cursor?.line, cursor?.ch, updatedMs].every(Number.isSafeInteger);
  if (!isSound) throw draftUnreadable();
  return { file, content, baseRevision, cursor, updatedMs, version } as Draft;
}
