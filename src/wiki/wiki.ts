import type { Access } from './access.ts';
import type {
  AttachmentBody,
  AttachmentListBody,
  BatchBody,
  ChangelogBody,
  DeleteAttachmentBody,
  DeletePageBody,
  HistoryBody,
  LinkGraphBody,
  LinksBody,
  PageBody,
  PageListBody,
  PatchPageBody,
  PrepareUploadBody,
  PresignedBody,
  PutAttachmentBody,
  PutPageBody,
  RenamePageBody,
  RestorePageBody,
  RevertBody,
} from './bodies.ts';
import type { WikiSettings } from './settings.ts';

/**
 * A wiki: what can be asked of it and done to it. Paths are request paths, percent-decoded once. Bodies are those
 * of the wire contract. Errors are KittiwakeErrors with the codes of `errors.ts`.
 */
export interface Wiki {
  readonly settings: WikiSettings;

  readPage(path: string, options?: { revision?: string; section?: string }): Promise<Read<PageBody>>;
  listPages(filter?: PageFilter): Promise<PageListBody>;
  putPage(input: PutPage, write?: WriteOptions): Promise<Written<PutPageBody>>;
  patchPage(input: PatchPage, write?: WriteOptions): Promise<Written<PatchPageBody>>;
  deletePage(input: DeletePage, write?: WriteOptions): Promise<Written<DeletePageBody>>;
  renamePage(input: RenamePage, write?: WriteOptions): Promise<Written<RenamePageBody>>;
  restorePage(input: RestorePage, write?: WriteOptions): Promise<Written<RestorePageBody>>;

  listAttachments(path: string): Promise<AttachmentListBody>;
  readAttachment(path: string, filename: string): Promise<Read<AttachmentBody>>;
  putAttachment(input: PutAttachment, write?: WriteOptions): Promise<Written<PutAttachmentBody>>;
  deleteAttachment(input: DeleteAttachment, write?: WriteOptions): Promise<Written<DeleteAttachmentBody>>;
  /** Gives a URL for an upload past this process; nothing is committed. */
  prepareUpload(input: PrepareUpload): Promise<PrepareUploadBody>;
  /** Attaches what was uploaded. */
  commitUpload(input: CommitUpload, write?: WriteOptions): Promise<Written<PutAttachmentBody>>;
  /** Attaches a content of known size while it comes in, in constant memory; `dryRun` is not heeded. */
  attachStream(input: AttachStream, write?: WriteOptions): Promise<Written<PutAttachmentBody>>;
  /** An attachment of any size, in constant memory. */
  openAttachment(path: string, filename: string): Promise<OpenAttachment>;
  /** A URL by which an attachment can be downloaded past this process. */
  presignAttachment(
    path: string,
    filename: string,
    options?: Pick<WriteOptions, 'deadlineMs'>,
  ): Promise<PresignedBody>;

  pageHistory(path: string, options?: PageRange): Promise<HistoryBody>;
  changelog(options?: PageRange): Promise<ChangelogBody>;
  pageLinks(path: string): Promise<LinksBody>;
  linkGraph(): Promise<LinkGraphBody>;

  batch(changes: readonly BatchChange[], write?: WriteOptions): Promise<Written<BatchBody>>;
  revert(revision: string, write?: WriteOptions): Promise<Written<RevertBody>>;
}

/** The wiki with everything in it, for the server itself. */
export interface WholeWiki extends Wiki {
  /**
   * The wiki as one caller may use it. What the caller may not read is absent from every answer; a write that touches what it may
   * not write is refused as a whole with `forbidden`, whatever there is.
   */
  as(access: Access): Wiki;
}

/** The answer of a read, with what its ETag needs. */
export interface Read<B> {
  body: B;
  /** Blob id of the file. */
  blob: string;
  /** Quoted: `"<blob>-<hash of the rest of the answer>"`. */
  etag: string;
}

/** The answer of a write. */
export interface Written<B> {
  body: B;
  /** Blob id of the page or attachment as it now is. Absent where there is no single one. */
  blob?: string;
  /** The commit made. Absent when nothing changed. */
  commit?: string;
  /** True when an earlier request with this idempotency key gave the answer. */
  replayed: boolean;
}

/** What every write takes. */
export interface WriteOptions {
  /** Default: the settings' author. */
  author?: { name: string; email: string };
  /** Used as it is. Absent or empty: `[api] <Action>: <subject>`. */
  commitMessage?: string;
  /** Answers what would happen and commits nothing. The idempotency key is then not used. */
  dryRun?: boolean;
  idempotency?: { key: string; fingerprint: string };
  /** When the caller stops waiting, in runtime milliseconds. */
  deadlineMs?: number;
}

/** The conditions under which a write may touch an existing file. */
export interface Lock {
  /** The revision the caller has read: 7 or more leading characters of it. */
  revision?: string | undefined;
  /** `If-Match` as received: compares the blob. Where it holds, `revision` is not needed. */
  ifMatch?: string | undefined;
  /** `If-None-Match` as received: `*` refuses when the file exists. */
  ifNoneMatch?: string | undefined;
}

export type OnConflict = 'fail' | 'merge';

export interface PutPage extends Lock {
  path: string;
  content: string;
  /** Default `fail`. `merge`: a stale revision leads to a three-way merge with the text of that revision. */
  onConflict?: OnConflict;
}

/** Either one exact substring, or one section. */
export interface PatchPage extends Lock {
  path: string;
  oldString?: string;
  newString?: string;
  /** Title or path of titles (`A > B`) of the section to change. */
  section?: string;
  /** The section's new text, heading line included; or what is added at its end. */
  content?: string;
  /** Default `replace`. */
  placement?: 'replace' | 'append';
  onConflict?: OnConflict;
}

export interface DeletePage extends Lock {
  path: string;
  /** Removes attachments and sub-pages too. Default false. */
  recursive?: boolean;
}

export interface RenamePage extends Lock {
  path: string;
  /** Checked here because the contract asks for the source first. */
  newPath?: string | undefined;
}

export interface RestorePage extends Lock {
  path: string;
  /** The revision whose text comes back. */
  to: string;
}

/** Where an attachment is to go. */
export interface AttachTarget extends Lock {
  path: string;
  filename: string;
}

export interface PrepareUpload extends AttachTarget {
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
  /** Of the upload request. Default: by the file's name. */
  contentType?: string | undefined;
}

export interface CommitUpload extends AttachTarget {
  /** Id of the upload. */
  upload: string;
}

export interface AttachStream extends AttachTarget {
  /** Bytes. */
  size: number;
  content: AsyncIterable<Uint8Array>;
}

/** The bytes of an attachment, and what to say of them. */
export interface OpenAttachment {
  size: number;
  /** `Content-Type` and `Content-Disposition` that no browser runs anything by. */
  contentType: string;
  disposition: string;
  /** Quoted. */
  etag: string;
  /** To be taken once; breaks off before the last bytes when they are damaged. */
  chunks: AsyncIterable<Uint8Array>;
}

export interface PutAttachment extends AttachTarget {
  /** Base64 as received, or the bytes. */
  content: string | Uint8Array;
}

export interface DeleteAttachment extends Lock {
  path: string;
  filename: string;
}

export type BatchChange =
  | ({ op: 'put' } & PutPage)
  | ({ op: 'patch' } & PatchPage)
  | ({ op: 'delete' } & DeletePage)
  | ({ op: 'rename' } & RenamePage)
  | ({ op: 'restore' } & RestorePage)
  | ({ op: 'attach' } & PutAttachment)
  | ({ op: 'delete_attachment' } & DeleteAttachment);

/** All are trimmed; empty ones do not filter. */
export interface PageFilter {
  prefix?: string;
  category?: string;
  tag?: string;
  /** ISO 8601 as Python 3.11 reads it. */
  updatedSince?: string;
}

export interface PageRange {
  /** Undefined: the default of the call. 0 or less: all, up to 10,000 and then a cursor. */
  limit?: number;
  /** `next_cursor` of the answer before. */
  cursor?: string;
}
