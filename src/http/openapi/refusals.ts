/** Codes of refusals that several operations share, by what is refused. */

/** A lock on a file that is no longer as it was read. */
export const staleFile = ['revision_short', 'revision_mismatch', 'precondition_failed'] as const;

export const stalePage = ['revision_required', ...staleFile] as const;

/** A place that something else takes. */
export const places = [
  'path_is_folder',
  'path_under_page',
  'path_is_link',
  'path_clash',
  'path_unsafe',
] as const;

export const merges = ['merge_conflict', 'page_not_text'] as const;

export const edits = [
  'patch_incomplete',
  'old_string_empty',
  'strings_identical',
  'old_string_missing',
  'old_string_ambiguous',
  'section_not_found',
  'section_ambiguous',
  'text_invalid',
] as const;

export const renames = [
  'new_path_missing',
  'new_path_empty',
  'new_path_same',
  'page_exists_at',
  'file_exists_at',
] as const;

/** A text that takes more than rendering one page may. */
export const tooMuchToRender = ['render_too_large', 'render_too_deep', 'render_too_long'] as const;

export const attached = [
  'base64_invalid',
  'attachment_too_large',
  'filename_invalid',
  'filename_is_page',
] as const;
