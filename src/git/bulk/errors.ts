import { KittiwakeError } from '../../core/errors.ts';

/** A run whose bytes are not those that were written. */
export function runCorrupt(key: string, why: string): KittiwakeError {
  return new KittiwakeError('bytes_corrupt', `Reading the run "${key}" fails: ${why}`, {
    data: { key },
  });
}
