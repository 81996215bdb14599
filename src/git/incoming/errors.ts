import { KittiwakeError } from '../../core/errors.ts';
import type { Oid } from '../object/objects.ts';

/** Refusals of commits that were made elsewhere. Nothing was changed when one is thrown. */

/** Somebody was faster, or the sender knows an older state. */
export function refMoved(ref: string, found: Oid | undefined, expected: Oid | undefined): KittiwakeError {
  const is = found === undefined ? 'it is not there' : `it is at ${found}`;
  const wanted = expected === undefined ? 'wanted it not to be there' : `wanted it at ${expected}`;
  return new KittiwakeError('ref_moved', `Changing "${ref}" fails: ${is}, ${wanted}; fetch first`, {
    data: { ref, found, expected },
  });
}

export function notFastForward(ref: string, before: Oid, after: Oid): KittiwakeError {
  return new KittiwakeError(
    'not_fast_forward',
    `Changing "${ref}" fails: ${after} does not build on ${before}; fetch and merge first`,
    { data: { ref, before, after } },
  );
}

export function refProtected(ref: string): KittiwakeError {
  return new KittiwakeError('ref_protected', `Changing "${ref}" fails: the main line cannot be removed`, {
    data: { ref },
  });
}

export function refInvalid(ref: string, why: string): KittiwakeError {
  return new KittiwakeError('ref_invalid', `Changing ${JSON.stringify(ref)} fails: ${why}`, {
    data: { ref },
  });
}

export function packTooLarge(maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'pack_too_large',
    `Receiving the pack fails: it has more than ${maxBytes} bytes`,
    {
      data: { maxBytes },
    },
  );
}

/** It would bring back what was removed on purpose. */
export function commitPurged(commit: Oid): KittiwakeError {
  return new KittiwakeError(
    'revision_purged',
    `Taking the commit ${commit} fails: the history of the wiki was rewritten without it, to remove contents; clone anew, and make there what is yours`,
    { data: { commit } },
  );
}

/** What would take more memory, or time, than whoever sends it can ask for. @param what with its limit */
export function landingTooLarge(what: string): KittiwakeError {
  return new KittiwakeError('landing_too_large', `Taking the commits fails: ${what}`);
}

/** An entry that a clone would write where it must not, or could not write at all. */
export function entryRefused(commit: Oid, path: string, why: string): KittiwakeError {
  return new KittiwakeError(
    'entry_refused',
    `Taking the commit ${commit} fails: its entry ${JSON.stringify(path)} is refused: ${why}`,
    { data: { commit, path } },
  );
}
