import { KittiwakeError } from '../../core/errors.ts';

/** Also for jobs of others: nobody learns of them. */
export function importNotFound(id: string): KittiwakeError {
  return new KittiwakeError('import_not_found', `Import not found: ${JSON.stringify(id)}`);
}

/** It was no dry run, or has come to nothing yet. */
export function importSampleAbsent(id: string): KittiwakeError {
  return new KittiwakeError(
    'import_sample_absent',
    `There is no sample of the import ${id}: it is made by a dry run`,
  );
}

export function importUnfinished(id: string, state: string): KittiwakeError {
  return new KittiwakeError(
    'import_unfinished',
    `Deleting the import ${id}: it is ${state}, wanted one that has ended; cancel it first`,
    { data: { state } },
  );
}

/** Something was sent for a job that takes nothing any more. */
export function importNotAwaiting(id: string, state: string): KittiwakeError {
  return new KittiwakeError(
    'import_not_awaiting',
    `Uploading for the import ${id}: it is ${state}, wanted one that awaits its upload`,
    { data: { state } },
  );
}

/** @param bytes that were announced, or came */
export function importTooLarge(bytes: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'import_too_large',
    `Importing: the source has ${bytes} bytes or more, the limit is ${maxBytes}; nothing of it is kept`,
    { data: { bytes, limit: maxBytes } },
  );
}

/** What comes does not begin where the last ended, or is not as long as announced. */
export function uploadMisplaced(problem: string, received: number): KittiwakeError {
  return new KittiwakeError('upload_misplaced', `Uploading: ${problem}; ${received} bytes are there`, {
    data: { received },
  });
}

/** Nobody has sent its source. */
export function importAbandoned(): KittiwakeError {
  return new KittiwakeError('import_abandoned', 'Importing: its source was not sent within a day');
}

export function importLate(hours: number): KittiwakeError {
  return new KittiwakeError(
    'import_late',
    `Importing: it had not ended after ${hours} hours, the most an import may take; nothing more was committed`,
    { data: { hours } },
  );
}

export function importPurged(): KittiwakeError {
  return new KittiwakeError(
    'import_purged',
    'Importing: contents were taken out of the history meanwhile, and its source may hold them; start it again',
  );
}

/** The parts of a presigned upload are not what was announced. */
export function uploadIncomplete(problem: string): KittiwakeError {
  return new KittiwakeError('upload_incomplete', `Completing an upload: ${problem}`);
}

export function importsFull(max: number): KittiwakeError {
  return new KittiwakeError(
    'imports_full',
    `Starting an import: the wiki has ${max} that have not ended, the most there can be; wait, or cancel one of them`,
    { data: { limit: max } },
  );
}

export function importsTooOften(max: number, retryAfterMs: number): KittiwakeError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new KittiwakeError(
    'rate_limited',
    `Starting an import: ${max} were started within an hour, the most there may be, try again in ${seconds} s`,
    { data: { retryAfterMs } },
  );
}

/** The same Idempotency-Key came with another request. */
export function importKeyUsed(): KittiwakeError {
  return new KittiwakeError(
    'idempotency_mismatch',
    'Starting an import: the Idempotency-Key was used for another request',
  );
}

export function jobUnreadable(reason: string): KittiwakeError {
  return new KittiwakeError(
    'object_unreadable',
    `Reading a document: it is no import as it should be, ${reason}`,
  );
}
