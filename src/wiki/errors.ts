import { KittiwakeError } from '../core/errors.ts';

/** The refusals of the wiki. Where the API contract fixes a text, it is that text. */

export function pageNotFound(path: string): KittiwakeError {
  return new KittiwakeError('page_not_found', `Page not found: ${path}`);
}

export function historyEmpty(path: string): KittiwakeError {
  return new KittiwakeError('history_empty', `No history for: ${path}`);
}

export function attachmentNotFound(filename: string): KittiwakeError {
  return new KittiwakeError('attachment_not_found', `Attachment not found: ${filename}`);
}

export function commitNotFound(revision: string): KittiwakeError {
  return new KittiwakeError('commit_not_found', `Commit not found: ${revision}`);
}

/** The commit was there, and was rewritten when contents were purged; what it held besides them is in its successor. */
export function revisionPurged(revision: string): KittiwakeError {
  return new KittiwakeError(
    'revision_purged',
    `Revision ${revision} is gone: the history was rewritten to remove contents; read the page's history again`,
  );
}

const MAX_NAMED = 5;

/**
 * @param needed the right that lacks
 * @param pages those concerned that the caller may read, as they are shown; others are not named
 */
export function changeForbidden(needed: 'write' | 'upload', pages: readonly string[]): KittiwakeError {
  const named = pages.slice(0, MAX_NAMED);
  const more = pages.length > named.length ? ` and ${pages.length - named.length} more` : '';
  const message =
    named.length === 0
      ? `Not allowed: this needs the right "${needed}" at every path that it changes`
      : `Changing ${named.map(quote).join(', ')}${more}: not allowed, this needs the right "${needed}" there`;
  return new KittiwakeError('forbidden', message, {
    data: { needed, ...(named.length > 0 ? { pages: named } : {}) },
  });
}

export function quotaPages(limit: number, pages: number): KittiwakeError {
  return new KittiwakeError('quota_pages', `Page limit reached (${limit} pages)`, {
    data: { limit, used: pages },
  });
}

export function quotaBytes(limit: number, bytes: number): KittiwakeError {
  return new KittiwakeError('quota_bytes', `Wiki quota exceeded (${shownSize(limit)} limit)`, {
    data: { limit, used: bytes },
  });
}

export function commitMessageRequired(): KittiwakeError {
  return new KittiwakeError(
    'commit_message_required',
    'Writing needs a commit message: this wiki takes no change without one',
  );
}

export function pathInvalid(path: string, reason: string): KittiwakeError {
  return new KittiwakeError('path_invalid', `Page path ${quote(path)} cannot be used: ${reason}`);
}

export function pathIsFolder(file: string): KittiwakeError {
  return new KittiwakeError('path_is_folder', `Cannot write "${file}": a folder of that name exists`);
}

export function pathUnderFile(file: string, ancestor: string): KittiwakeError {
  return new KittiwakeError(
    'path_under_page',
    `Cannot write "${file}": "${ancestor}" is a file, and a folder is needed`,
  );
}

export function pathIsLink(file: string): KittiwakeError {
  return new KittiwakeError('path_is_link', `Cannot write "${file}": it is a link or submodule, not a file`);
}

export function pageNotText(path: string): KittiwakeError {
  return new KittiwakeError('page_not_text', `Page is not UTF-8 text: ${path}`);
}

export function textInvalid(): KittiwakeError {
  return new KittiwakeError('text_invalid', 'Text is not valid Unicode: it holds half of a surrogate pair');
}

export function revisionRequired(): KittiwakeError {
  return new KittiwakeError(
    'revision_required',
    'Revision required when updating an existing page. Read the page first to get the current revision.',
  );
}

export function revisionShort(): KittiwakeError {
  return new KittiwakeError('revision_short', 'revision must be at least 7 characters');
}

export function revisionMismatch(currentRevision: string): KittiwakeError {
  return new KittiwakeError(
    'revision_mismatch',
    'Revision mismatch: page has been modified since last read.',
    { data: { current_revision: currentRevision } },
  );
}

export function preconditionFailed(message: string, currentRevision?: string): KittiwakeError {
  return new KittiwakeError('precondition_failed', message, {
    data: currentRevision === undefined ? {} : { current_revision: currentRevision },
  });
}

/** What a three-way merge could not settle. */
export interface Conflict {
  current_revision: string;
  /** Unified diff from the current text to the proposed one. */
  diff: string;
  hunks: readonly { base: string; current: string; proposed: string; line: number }[];
}

export function mergeConflict(conflict: Conflict): KittiwakeError {
  return new KittiwakeError(
    'merge_conflict',
    'Revision mismatch: page has been modified since last read, and both changed the same lines.',
    { data: { ...conflict } },
  );
}

export function patchIncomplete(): KittiwakeError {
  return new KittiwakeError(
    'patch_incomplete',
    'Edit needs either old_string and new_string, or section and content',
  );
}

export function oldStringEmpty(): KittiwakeError {
  return new KittiwakeError('old_string_empty', 'old_string must not be empty');
}

export function stringsIdentical(): KittiwakeError {
  return new KittiwakeError('strings_identical', 'old_string and new_string are identical');
}

export function oldStringMissing(): KittiwakeError {
  return new KittiwakeError('old_string_missing', 'old_string not found in page content');
}

export function oldStringAmbiguous(count: number): KittiwakeError {
  return new KittiwakeError(
    'old_string_ambiguous',
    `old_string is ambiguous: found ${count} occurrences. Provide a longer unique string.`,
  );
}

export function sectionNotFound(query: string, sections: readonly string[]): KittiwakeError {
  const known = sections.length === 0 ? '(no sections found)' : sections.join('; ');
  return new KittiwakeError('section_not_found', `Section not found: ${query}. Sections: ${known}`, {
    data: { sections: [...sections] },
  });
}

export function sectionAmbiguous(query: string, sections: readonly string[]): KittiwakeError {
  return new KittiwakeError(
    'section_ambiguous',
    `Section is ambiguous: ${query} matches ${sections.length}: ${sections.join('; ')}`,
    { data: { sections: [...sections] } },
  );
}

export function newPathMissing(): KittiwakeError {
  return new KittiwakeError('new_path_missing', "Request body must include 'new_path' field");
}

export function newPathEmpty(): KittiwakeError {
  return new KittiwakeError('new_path_empty', 'new_path must not be empty');
}

export function newPathSame(): KittiwakeError {
  return new KittiwakeError('new_path_same', 'new_path is the same as the current path');
}

export function pageExistsAt(newPath: string): KittiwakeError {
  return new KittiwakeError('page_exists_at', `A page already exists at: ${newPath}`);
}

export function fileExistsAt(file: string): KittiwakeError {
  return new KittiwakeError('file_exists_at', `Cannot move to "${file}": a file exists there`, {
    data: { file },
  });
}

export function base64Invalid(): KittiwakeError {
  return new KittiwakeError('base64_invalid', 'Invalid base64 content');
}

export function attachmentTooLarge(maxBytes: number): KittiwakeError {
  const limit = Math.floor(maxBytes / (1024 * 1024));
  return new KittiwakeError('attachment_too_large', `Attachment too large (max ${limit}MB)`);
}

/** It is there, but JSON has no room for it. */
export function attachmentNotInline(filename: string, size: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'attachment_not_inline',
    `Attachment ${quote(filename)} has ${size} bytes, JSON has room for ${maxBytes}: read it with ?download=raw or ?download=presigned`,
  );
}

/** What a client says of a file that it wants to upload is not usable. */
export function uploadInvalid(field: string, wanted: string): KittiwakeError {
  return new KittiwakeError('upload_invalid', `${field} of an upload must be ${wanted}`);
}

export function presignUnsupported(instead: string): KittiwakeError {
  return new KittiwakeError(
    'presign_unsupported',
    `The store of this wiki has no presigned URLs: ${instead}`,
  );
}

export function filenameInvalid(): KittiwakeError {
  return new KittiwakeError('filename_invalid', 'Invalid filename');
}

export function filenameIsPage(filename: string): KittiwakeError {
  return new KittiwakeError(
    'filename_is_page',
    `Invalid filename ${quote(filename)}: files that end with ".md" are pages, not attachments`,
  );
}

export function updatedSinceInvalid(): KittiwakeError {
  return new KittiwakeError('updated_since_invalid', 'Invalid updated_since format. Use ISO 8601.');
}

export function cursorInvalid(): KittiwakeError {
  return new KittiwakeError('cursor_invalid', 'Invalid cursor: use next_cursor of the answer before');
}

export function revertConflict(revision: string, pages: readonly string[]): KittiwakeError {
  return new KittiwakeError(
    'revert_conflict',
    `Cannot revert ${revision}: changed since, in the same lines: ${pages.join(', ')}`,
    { data: { pages: [...pages] } },
  );
}

export function batchEmpty(): KittiwakeError {
  return new KittiwakeError('batch_empty', 'Batch must hold at least one change');
}

export function batchTooLarge(count: number, max: number): KittiwakeError {
  return new KittiwakeError('batch_too_large', `Batch holds ${count} changes, the limit is ${max}`);
}

/** Nothing was written: the work was not done yet. */
export function deadlineExceeded(): KittiwakeError {
  return new KittiwakeError(
    'deadline_exceeded',
    'Carrying out the request takes longer than there is time: nothing was written, ask for less at once',
  );
}

/** The same refusal, saying which change of a batch it was. */
export function inBatch(error: KittiwakeError, index: number): KittiwakeError {
  return new KittiwakeError(error.code, `Change ${index}: ${error.message}`, {
    data: { ...error.data, index },
    cause: error,
  });
}

/** `50MB` as the contract writes it, where that is exact. */
function shownSize(bytes: number): string {
  if (bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2}MB`;
  return bytes % 1024 === 0 ? `${bytes / 1024}kB` : `${bytes} bytes`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
