import type { KittiwakeError } from '../core/errors.ts';

/** Codes by the status they lead to. Every code of every module that a request can reach is listed; a test holds that. */
const CODES: Readonly<Record<number, readonly string[]>> = {
  400: ['body_cut'],
  401: ['auth_invalid', 'auth_missing'],
  403: ['forbidden', 'origin_refused'],
  404: [
    'attachment_not_found',
    'commit_not_found',
    'history_empty',
    'page_not_found',
    'route_not_found',
    'rule_not_found',
    'upload_not_found',
    'version_not_found',
  ],
  405: ['method_not_allowed'],
  409: [
    'file_exists_at',
    'head_moved',
    'merge_conflict',
    'not_fast_forward',
    'packs_collected',
    'page_exists_at',
    'pages_exist',
    'path_clash',
    'path_is_folder',
    'path_is_link',
    'path_under_page',
    'restore_needless',
    'restore_overtaken',
    'revert_conflict',
    'revision_mismatch',
    'revision_required',
    'source_replaced',
    'wiki_exists',
    'wiki_not_empty',
  ],
  410: ['object_replaced', 'upload_expired'],
  411: ['length_required'],
  412: ['precondition_failed'],
  413: ['body_too_large', 'quota_bytes', 'quota_pages'],
  422: [
    'policy_invalid',
    'preference_fixed',
    'rule_invalid',
    'answer_too_large',
    'attachment_not_inline',
    'attachment_too_large',
    'base64_invalid',
    'batch_empty',
    'branch_missing',
    'batch_too_large',
    'body_invalid',
    'commit_message_required',
    'cursor_invalid',
    'entry_refused',
    'filename_invalid',
    'filename_is_page',
    'idempotency_key_invalid',
    'idempotency_mismatch',
    'new_path_empty',
    'new_path_missing',
    'new_path_same',
    'nothing_to_import',
    'old_string_ambiguous',
    'old_string_empty',
    'old_string_missing',
    'page_not_text',
    'patch_incomplete',
    'path_invalid',
    'path_unsafe',
    'policy_too_large',
    'presign_unsupported',
    'query_invalid',
    'query_required',
    'query_too_long',
    'revision_short',
    'section_ambiguous',
    'section_not_found',
    'source_corrupt',
    'source_missing',
    'source_too_large',
    'source_unreadable',
    'source_unsupported',
    'strings_identical',
    'text_invalid',
    'updated_since_invalid',
    'upload_differs',
    'upload_invalid',
  ],
  428: ['precondition_required'],
  429: ['rate_limited'],
  500: [
    'policy_unreadable',
    'search_broken',
    'search_foreign',
    'search_snapshot_damaged',
    'api_key_unset',
    'bytes_corrupt',
    'config_invalid',
    'database_corrupt',
    'database_unavailable',
    'delta_corrupt',
    'event_unknown',
    'flush_failed',
    'internal',
    'key_segment_corrupt',
    'ledger_corrupt',
    'ledger_newer',
    'map_corrupt',
    'map_unsorted',
    'migration_changed',
    'migration_failed',
    'migration_order',
    'object_absent',
    'object_corrupt',
    'object_exists',
    'object_lost',
    'object_missing',
    'object_unreadable',
    'pack_corrupt',
    'pack_index_corrupt',
    'pack_missing',
    'restore_incomplete',
    'schema_newer',
    'state_corrupt',
    'state_newer',
    'storage_bucket_absent',
    'storage_clock_skewed',
    'storage_credentials',
    'storage_denied',
    'storage_failed',
    'storage_key_clash',
    'storage_key_invalid',
    'storage_not_s3',
    'storage_region_wrong',
    'storage_unconditional',
    'transaction_impure',
    'versions_unkept',
    'wiki_lost',
    'wiki_name_unreadable',
  ],
  503: [
    'contention',
    'deadline_exceeded',
    'outcome_unknown',
    'wiki_absent',
    'wiki_not_named',
    'projection_unsettled',
    'search_busy',
  ],
  507: ['state_too_large', 'storage_full'],
};

/** The one map from stable error codes to HTTP statuses. 500 is for faults that the caller can do nothing about. */
export const STATUS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(CODES).flatMap(([status, codes]) => codes.map(code => [code, Number(status)])),
);

/** What of an error's data its answer shows; everything else stays inside. */
const SHOWN = [
  'current_revision',
  'diff',
  'hunks',
  'pages',
  'index',
  'sections',
  'needed',
  'limit',
  'used',
] as const;

/** Said instead of messages that name stored objects. */
const PUBLIC_TEXT: Readonly<Record<string, string>> = {
  contention: 'The wiki is busy: nothing was written, try again',
  outcome_unknown:
    'It is not known whether the change was written: send the same request again with the same Idempotency-Key',
  object_replaced: 'This wiki was replaced by another one',
  projection_unsettled: 'The search index is being changed by others, try again',
  search_busy: 'The search index is being built, try again',
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
