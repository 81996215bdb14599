import { KittiwakeError } from '../../core/errors.ts';

export function watchesFull(most: number): KittiwakeError {
  return new KittiwakeError(
    'watches_full',
    `Watching: there are ${most} watches, which is the most; end one`,
  );
}

export function watchNotFound(what: string): KittiwakeError {
  return new KittiwakeError('watch_not_found', `Watch not found: ${what}`);
}
