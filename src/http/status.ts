import type { KittiwakeError } from '../core/errors.ts';

/** The one map from stable error codes to HTTP statuses. A code that is missing here is a bug and answers 500. */
export const STATUS: Readonly<Record<string, number>> = {
  // http
  route_not_found: 404,
  method_not_allowed: 405,
  path_invalid: 422,
  query_invalid: 422,
  body_invalid: 422,
  body_too_large: 413,
  body_cut: 400,
  idempotency_key_invalid: 422,
  rate_limited: 429,
  // auth
  api_key_unset: 500,
  auth_missing: 401,
  auth_invalid: 401,
  // core
  config_invalid: 500,
  // wiki
  page_not_found: 404,
  history_empty: 404,
  attachment_not_found: 404,
  commit_not_found: 404,
  path_is_folder: 409,
  path_under_page: 409,
  revision_required: 409,
  revision_short: 422,
  revision_mismatch: 409,
  precondition_failed: 412,
  old_string_empty: 422,
  strings_identical: 422,
  old_string_missing: 422,
  old_string_ambiguous: 422,
  section_not_found: 422,
  section_ambiguous: 422,
  patch_incomplete: 422,
  merge_conflict: 409,
  new_path_missing: 422,
  new_path_empty: 422,
  new_path_same: 422,
  page_exists_at: 409,
  file_exists_at: 409,
  base64_invalid: 422,
  attachment_too_large: 422,
  filename_invalid: 422,
  filename_is_page: 422,
  updated_since_invalid: 422,
  page_not_text: 422,
  text_invalid: 422,
  revert_conflict: 409,
  batch_empty: 422,
  batch_too_large: 422,
  cursor_invalid: 422,
  path_is_link: 409,
  // git
  idempotency_mismatch: 422,
  path_clash: 409,
  path_unsafe: 422,
  wiki_absent: 503,
  // lazy
  wiki_name_unreadable: 500,
  wiki_not_named: 503,
  wiki_exists: 409,
  wiki_lost: 500,
  // Faults of what is stored, of its place and of its setting: the caller can do nothing about them.
  flush_failed: 500,
  ledger_corrupt: 500,
  ledger_newer: 500,
  map_corrupt: 500,
  map_unsorted: 500,
  pack_missing: 500,
  object_unreadable: 500,
  storage_key_clash: 500,
  storage_key_invalid: 500,
  // swap, storage
  contention: 503,
  outcome_unknown: 503,
  object_replaced: 410,
  object_absent: 500,
  object_exists: 500,
  object_lost: 500,
  object_missing: 500,
  storage_full: 507,
  storage_denied: 500,
  storage_failed: 500,
};

/** What of an error's data its answer shows; everything else stays inside. */
const SHOWN = ['current_revision', 'diff', 'hunks', 'pages', 'index', 'sections'] as const;

/** Said instead of messages that name stored objects. */
const PUBLIC_TEXT: Readonly<Record<string, string>> = {
  contention: 'The wiki is busy: nothing was written, try again',
  outcome_unknown:
    'It is not known whether the change was written: send the same request again with the same Idempotency-Key',
  object_replaced: 'This wiki was replaced by another one',
  storage_full: 'The storage is full: nothing was written',
  wiki_absent: 'The wiki has not been created yet',
};

/** What a caller may read of an error below 500, and of those above it that have a status of their own. */
export function publicText(error: KittiwakeError): string {
  return PUBLIC_TEXT[error.code] ?? error.message;
}

/** 500 for a code that is not known. */
export function statusOf(error: KittiwakeError): number {
  return STATUS[error.code] ?? 500;
}

export function shownData(error: KittiwakeError): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of SHOWN) {
    if (error.data[key] !== undefined) shown[key] = error.data[key];
  }
  return shown;
}
