import { isKittiwakeError } from '../../core/errors.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { ImportReport } from '../import-report.ts';
import { type ImportResult, isSettled, writeResult } from '../import-result.ts';
import { importHistory } from './import-history.ts';
import { sourceSize, withFetched } from './stored-source.ts';

export interface StoredImportOptions {
  repository: LedgerRepository;
  /** `upload` names this writing of the key among all others; `etag` empty: not known. */
  source: { key: string; upload: string; etag: string };
  /** For the copy of the source. */
  folder: string;
  /** Of the source, which is copied into `folder`. */
  maxBytes: number;
  /** Of the wiki. */
  retainPageNameCase: boolean;
  signal: AbortSignal;
}

/** What an import came to; a source whose result is known, or that has been replaced, is left alone. */
export type StoredImport = ImportResult | 'settled' | 'replaced';

/** Refusals that another attempt would meet again. Everything else may pass. */
const FINAL = [
  'branch_missing',
  'entry_refused',
  'nothing_to_import',
  'source_corrupt',
  'source_too_large',
  'source_unsupported',
  'wiki_not_empty',
];

const QUIET = { phase: () => {}, advance: () => {} };

/**
 * Imports a git bundle that lies in the store, and puts the result beside it. May be repeated at any time: the import is one swap,
 * after which there is nothing to import, and a result is written once for each upload.
 * @throws KittiwakeError what may be otherwise next time: of the store, `wiki_absent`, `head_moved`, `deadline_exceeded`
 */
export async function importStored(options: StoredImportOptions): Promise<StoredImport> {
  const { repository, source } = options;
  const { store, runtime } = repository;
  if (await isSettled(store, source.key, source.upload)) return 'settled';
  try {
    const bytes = await sourceSize(store, source);
    const outcome = await attempt(options);
    const finished = new Date(runtime.now()).toISOString();
    const result: ImportResult = { format: 1, ...outcome, source: { ...source, bytes }, finished };
    await writeResult(store, result, runtime, () => sourceSize(store, source));
    return result;
  } catch (error) {
    if (isKittiwakeError(error, 'source_replaced')) return 'replaced';
    throw error;
  }
}

type Outcome = Pick<ImportResult, 'state' | 'report' | 'error'>;

async function attempt(options: StoredImportOptions): Promise<Outcome> {
  const { key } = options.source;
  let file = key;
  try {
    const report = await withFetched({ store: options.repository.store, ...options }, path => {
      file = path;
      return bringIn(path, options);
    });
    return { state: 'done', report };
  } catch (error) {
    if (!isKittiwakeError(error) || !FINAL.includes(error.code)) throw error;
    return { state: 'failed', error: { code: error.code, message: error.message.replaceAll(file, key) } };
  }
}

function bringIn(
  path: string,
  { repository, retainPageNameCase, signal }: StoredImportOptions,
): Promise<ImportReport> {
  const source = { kind: 'bundle', path } as const;
  return importHistory({ source, repository, retainPageNameCase, progress: QUIET, signal });
}
