import { KittiwakeError } from '../core/errors.ts';

/** Something lies where an export is to be written. */
export function exportExists(path: string): KittiwakeError {
  return new KittiwakeError(
    'export_exists',
    `Cannot export to "${path}": it exists; remove it or choose another name`,
  );
}

/** An export of this name was broken off. */
export function exportUnfinished(path: string, partial: string): KittiwakeError {
  return new KittiwakeError(
    'export_unfinished',
    `Cannot begin to export to "${path}": one was broken off; --resume continues it, or remove "${partial}"`,
  );
}

export function nothingToResume(path: string): KittiwakeError {
  return new KittiwakeError(
    'export_not_resumable',
    `Cannot resume the export to "${path}": none of this kind was broken off there; leave --resume out`,
  );
}

/** What was written does not fit what is known of it. */
export function partialDamaged(path: string, reason: string): KittiwakeError {
  return new KittiwakeError(
    'export_not_resumable',
    `Cannot resume the export to "${path}": ${reason}; remove what is there and begin anew`,
  );
}

/** There is nothing that git would call a bundle. */
export function exportEmpty(): KittiwakeError {
  return new KittiwakeError('export_empty', 'Cannot export a bundle: the wiki has no commit yet');
}
