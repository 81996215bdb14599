import { isKittiwakeError, KittiwakeError } from '../../core/errors.ts';
import type { Oid } from '../../git/object/objects.ts';

export function pageTooLarge(path: string, bytes: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'page_too_large',
    `Page "${path}" is too large: it has ${bytes} bytes, the limit is ${maxBytes}`,
  );
}

/** @param other what stands beside it, or comes beside it */
export function pathCollides(path: string, other: string): KittiwakeError {
  return new KittiwakeError(
    'path_collides',
    `"${path}" cannot stand beside "${other}": the two differ only by case or Unicode form, and some systems could not hold both`,
  );
}

/** A plugin may change a write, but what was made elsewhere is taken as it is or not at all. */
export function landingChanged(what: string): KittiwakeError {
  return new KittiwakeError(
    'landing_changed',
    `A plugin of this wiki would change ${what}: what was committed elsewhere cannot be changed, make it as the plugin wants it`,
  );
}

/** The same refusal, saying which commit it is about. What is no refusal stays as it is. */
export function inCommit(error: unknown, commit: Oid): unknown {
  if (!isKittiwakeError(error)) return error;
  return new KittiwakeError(error.code, `Commit ${commit.slice(0, 10)}: ${error.message}`, {
    data: { ...error.data, commit },
    cause: error,
  });
}
