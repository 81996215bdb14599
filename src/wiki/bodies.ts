import type { JsonValue } from './markup/json-value.ts';

/** What the wiki answers: the bodies of the wire contract, key by key. */

/** A commit as the contract shows it. `date` is the author's, ISO-8601 with offset; `revision` 40 hex digits. */
export interface CommitBody {
  author: string;
  date: string;
  message: string;
  revision: string;
}

export interface PageBody {
  /** The file as it is, frontmatter included. With a section asked for: that section. */
  content: string;
  frontmatter: { [key: string]: JsonValue } | null;
  /** Null when the revision asked for did not touch the page. */
  last_commit: CommitBody | null;
  linked_from: string[];
  links_to: string[];
  /** Frontmatter title in its own type, else the last segment of the display path. */
  name: JsonValue;
  path: string;
  /** `''` when `last_commit` is null. */
  revision: string;
}

export interface PageListBody {
  pages: {
    /** From the frontmatter, as text. */
    category: string | null;
    /** Words of the body. */
    content_length: number;
    /** `YYYY-MM-DD` in the commit's own zone. */
    last_updated: string | null;
    name: JsonValue;
    path: string;
    tags: string[];
  }[];
  total: number;
}

/** Added to the body of every write that was only tried out. */
export interface DryRunBody {
  dry_run?: true;
  /** What the commit would hold, in path order; paths are those of the files. */
  changes?: { path: string; action: 'create' | 'update' | 'delete' }[];
}

export interface PutPageBody extends DryRunBody {
  created: boolean;
  name: JsonValue;
  path: string;
  revision: string;
  /** Present when the text was merged with what others had written since. */
  merged?: true;
}

export interface PatchPageBody extends DryRunBody {
  name: JsonValue;
  path: string;
  revision: string;
  merged?: true;
}

export interface DeletePageBody extends DryRunBody {
  deleted: true;
  path: string;
  /** With `recursive`: display paths of the sub-pages that went too, and the number of other files. */
  deleted_pages?: string[];
  deleted_attachments?: number;
}

export interface RenamePageBody extends DryRunBody {
  new_path: string;
  old_path: string;
  revision: string;
  /** Display paths of the pages whose links were rewritten, in file order. */
  updated_pages: string[];
}

export interface AttachmentListBody {
  attachments: { filename: string; last_modified: string | null; mime_type: string; size: number }[];
  path: string;
  total: number;
}

export interface AttachmentBody {
  /** Base64. */
  content: string;
  filename: string;
  mime_type: string;
  size: number;
}

export interface PutAttachmentBody extends DryRunBody {
  filename: string;
  mime_type: string;
  path: string;
  size: number;
}

export interface PrepareUploadBody {
  upload: {
    /** To be given as `upload` when it is committed. */
    id: string;
    method: 'PUT';
    url: string;
    /** To be sent as they are. */
    headers: Record<string, string>;
    /** Of the URL. ISO-8601, UTC. */
    expires_at: string;
    /** The URL takes exactly as many bytes. */
    max_bytes: number;
  };
}

export interface PresignedBody {
  url: string;
  expires_at: string;
}

export interface DeleteAttachmentBody extends DryRunBody {
  deleted: true;
  filename: string;
}

export interface HistoryBody {
  history: CommitBody[];
  path: string;
  /** Present when more follow: give it as `cursor`. */
  next_cursor?: string;
}

export interface ChangelogBody {
  entries: (CommitBody & { pages_affected: string[] })[];
  total: number;
  next_cursor?: string;
}

export interface LinksBody {
  linked_from: string[];
  links_to: string[];
  path: string;
}

export interface LinkGraphBody {
  edges: { source: string; target: string }[];
  nodes: string[];
}

export interface BatchBody extends DryRunBody {
  /** One body for each change, in order, as the single call would answer. */
  results: object[];
  /** The commit; `''` when nothing changed. */
  revision: string;
}

export interface RevertBody extends DryRunBody {
  /** Display paths of the pages that changed. */
  pages: string[];
  reverted: string;
  /** The new commit; the head's when there was nothing to undo. */
  revision: string;
}

export interface RestorePageBody extends DryRunBody {
  created: boolean;
  name: JsonValue;
  path: string;
  restored_from: string;
  revision: string;
}
