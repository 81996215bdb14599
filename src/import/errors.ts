import { KittiwakeError } from '../core/errors.ts';

/** The refusals of an import. Nothing was changed when one is thrown. */

export function sourceMissing(path: string): KittiwakeError {
  return new KittiwakeError('source_missing', `Cannot import "${path}": it does not exist`);
}

export function sourceUnreadable(path: string, cause: unknown): KittiwakeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError('source_unreadable', `Cannot read "${path}": ${reason}`, { cause });
}

export function sourceUnsupported(path: string, reason: string): KittiwakeError {
  return new KittiwakeError('source_unsupported', `Cannot import "${path}": ${reason}`);
}

export function sourceCorrupt(path: string, reason: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('source_corrupt', `Cannot import "${path}": ${reason}`, { cause });
}

/** An entry that a clone would write where it must not, or could not write at all. */
export function entryRefused(commit: string, path: string, reason: string): KittiwakeError {
  return new KittiwakeError(
    'entry_refused',
    `Cannot import commit ${commit}: its entry ${JSON.stringify(path)} is refused: ${reason}`,
    { data: { commit, path } },
  );
}

export function pagesExist(paths: readonly string[]): KittiwakeError {
  const shown = paths.slice(0, 5).join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return new KittiwakeError(
    'pages_exist',
    `Cannot import over existing pages: ${shown}${more} would be replaced; choose what becomes of them (existing): skip, overwrite or merge`,
    { data: { paths } },
  );
}

export function wikiNotEmpty(commits: number): KittiwakeError {
  return new KittiwakeError(
    'wiki_not_empty',
    `Cannot import a history into a wiki that has one (${commits} commits): use an empty wiki (another --data), or --as-folder to add the files as one commit`,
  );
}

export function nothingToImport(path: string): KittiwakeError {
  return new KittiwakeError('nothing_to_import', `Cannot import "${path}": it holds no page`);
}

export function branchMissing(path: string, branch: string, names: readonly string[]): KittiwakeError {
  const known = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 10).join(', ')}`;
  return new KittiwakeError('branch_missing', `Cannot import branch "${branch}" of "${path}": ${known}`);
}

export function sourceTooLarge(path: string, bytes: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'source_too_large',
    `Cannot import "${path}": it has ${bytes} bytes, the limit is ${maxBytes} here`,
    { data: { bytes, maxBytes } },
  );
}

/** It was deleted, or replaced by other bytes, of which there is a notice of its own. */
export function sourceReplaced(path: string): KittiwakeError {
  return new KittiwakeError('source_replaced', `Reading "${path}": it is not what was announced any more`);
}

/** Nothing was changed; another attempt begins anew. */
export function importLate(): KittiwakeError {
  return new KittiwakeError('deadline_exceeded', 'Importing: it was not done in time');
}
