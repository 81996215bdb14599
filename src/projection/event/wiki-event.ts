import type { Oid } from '../../git/object/objects.ts';

/**
 * What a commit did to a wiki, thing by thing: what mails, webhooks, plugins and the feed of changes tell of. It follows from
 * the commit alone, so that whoever makes it again makes the same.
 */
export type WikiEvent = EventOrigin &
  (
    | { type: 'page_created' | 'page_updated' | 'page_deleted'; file: string }
    /** The text may have changed as well. */
    | { type: 'page_renamed'; file: string; from: string }
    | { type: 'attachment_saved' | 'attachment_deleted'; file: string }
    /** The way from one commit to the next is not known, or too long to tell: everything may have changed. */
    | { type: 'history_changed'; file: '' }
  );

export interface EventOrigin {
  /** `<commit>-<n>`, where n counts the events of that commit in path order from 0; `<head>-history` of `history_changed`. */
  id: string;
  commit: Oid;
  /** Position of the commit on the first-parent line. */
  ordinal: number;
  author: { name: string; email: string };
  /** Author time. */
  seconds: number;
  offsetMinutes: number;
  message: string;
}

export type WikiEventType = WikiEvent['type'];
