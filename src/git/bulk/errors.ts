import { KittiwakeError } from '../../core/errors.ts';

/** A run whose bytes are not those that were written. */
export function runCorrupt(key: string, why: string): KittiwakeError {
  return new KittiwakeError('bytes_corrupt', `Reading the run "${key}" fails: ${why}`, {
    data: { key },
  });
}

/** Others changed each time what everything rests on: the policy, or very many files. Nothing was committed. */
export function bulkOvertaken(): KittiwakeError {
  return new KittiwakeError(
    'head_moved',
    'Committing the import fails: others changed the rules or very many files each time it was about to land; try again',
  );
}

/** A pack of the import that is no longer there. */
export function bulkCollected(name: string): KittiwakeError {
  return new KittiwakeError(
    'packs_collected',
    `Committing the import fails: a collection of garbage took the pack "${name}"; import again`,
    { data: { pack: name } },
  );
}
