import { KittiwakeError } from '../../core/errors.ts';
import type { RowFailure } from '../row.ts';
import type { Job } from './job.ts';
import { rowsTooMany } from './run-errors.ts';

/** What a job may come to, however small its source is: templates and joins multiply. */

/** Bytes of the contents of all files, before they are packed. */
const MAX_CONTENT_BYTES = 50 * 2 ** 30;
/** Of one failure that stands in the job itself: a batch has a row's failure for thousands. */
const SHOWN_ORIGINS = 10;
/** In UTF-16 units. */
const SHOWN_MESSAGE = 1_000;

/** Why a job that has read so far is not to go on. */
export function overBounds({ options: { maxRows }, parts }: Job): KittiwakeError | undefined {
  let [rows, files, contentBytes] = [0, 0, 0];
  for (const { counts } of parts) {
    rows += counts.rows;
    files += counts.pages + counts.attachments;
    contentBytes += counts.contentBytes;
  }
  if (maxRows !== undefined && rows > maxRows) return rowsTooMany(rows, maxRows);
  if (maxRows !== undefined && files > maxRows) return filesTooMany(files, maxRows);
  return contentBytes > MAX_CONTENT_BYTES ? contentTooLarge(contentBytes) : undefined;
}

/** A failure as it stands in the job, which is written anew with each batch. */
export function shownFailure(failure: RowFailure): RowFailure {
  const { origins, message } = failure;
  if (origins.length <= SHOWN_ORIGINS && message.length <= SHOWN_MESSAGE) return failure;
  const cut = message.length > SHOWN_MESSAGE ? `${message.slice(0, SHOWN_MESSAGE).toWellFormed()}…` : message;
  return { ...failure, origins: origins.slice(0, SHOWN_ORIGINS), message: cut };
}

function filesTooMany(files: number, maxRows: number): KittiwakeError {
  return new KittiwakeError(
    'rows_too_many',
    `Importing: the rows become ${files} files or more, the limit of rows is ${maxRows}, and holds for what is made of them, too`,
    { data: { rows: files, maxRows } },
  );
}

function contentTooLarge(bytes: number): KittiwakeError {
  return new KittiwakeError(
    'import_too_large',
    `Importing: what is made of the source has ${bytes} bytes or more, the limit is ${MAX_CONTENT_BYTES}`,
    { data: { limit: MAX_CONTENT_BYTES } },
  );
}
