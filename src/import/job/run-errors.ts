import { isKittiwakeError, KittiwakeError } from '../../core/errors.ts';
import type { RowFailure } from '../row.ts';
import { rowText } from './row-place.ts';

/** Another worker has taken over, or the job has ended meanwhile: whoever gets it stops. Never leaves the runner. */
export class LeaseLost extends Error {
  constructor(id: string) {
    super(`Working on the job "${id}": others have taken over, or it has ended`);
    this.name = 'LeaseLost';
  }
}

/** The first row that failed, of a job that is not to go on behind one. */
export function rowFailed({ origins, code, message, place }: RowFailure): KittiwakeError {
  const rows = origins.map(origin => rowText(origin)).join(' with ');
  const where = place === undefined ? rows : `${rows}, ${JSON.stringify(place)}`;
  return new KittiwakeError(
    'row_failed',
    `Importing ${where === '' ? 'a row' : where}: ${message} (${code})`,
    {
      data: { origins, code },
    },
  );
}

export function rowsTooMany(rows: number, maxRows: number): KittiwakeError {
  return new KittiwakeError(
    'rows_too_many',
    `Importing: the source has ${rows} rows or more, the limit is ${maxRows}`,
    { data: { rows, maxRows } },
  );
}

export function importOverdue(timeoutMs: number): KittiwakeError {
  const hours = Math.round(timeoutMs / 3_600_000);
  return new KittiwakeError(
    'import_overdue',
    `Importing: it did not end within ${hours} hours, the longest it may take`,
    { data: { timeoutMs } },
  );
}

/** Whoever worked on it ended without a word, again and again. */
export function importStuck(attempts: number): KittiwakeError {
  return new KittiwakeError(
    'import_stuck',
    `Importing: it was begun ${attempts} times and never got on; see the server's log`,
    { data: { attempts } },
  );
}

/** What may be otherwise when it is tried again; all other refusals are of the source, the pipeline or the wiki. */
const PASSING = [
  'bytes_corrupt',
  'contention',
  'database_unavailable',
  'deadline_exceeded',
  'flush_failed',
  'head_moved',
  'import_run_not_stored',
  'import_worker_died',
  'not_fast_forward',
  'outcome_unknown',
  // Merged with others meanwhile: the newest ledger tells where its objects are.
  'pack_missing',
  'storage_clock_skewed',
  'storage_credentials',
  'storage_denied',
  'storage_failed',
  'storage_full',
];

/** True for a refusal that another attempt would meet again. */
export function isFinal(error: unknown): error is KittiwakeError {
  return isKittiwakeError(error) && !PASSING.includes(error.code);
}
