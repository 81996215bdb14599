import type { Landed, LandOptions } from './incoming.ts';

/**
 * Puts commits that were made elsewhere into the wiki, with the refs that name them, in one swap or not at all. Nothing of
 * them is visible before, and repeating what has landed changes nothing. The main line gets commits only by which its
 * present head is an ancestor of the new one, whichever parent of a merge leads to it.
 * @throws KittiwakeError `ref_moved` when a ref is not what `before` says, `not_fast_forward`, `ref_protected` for the removal
 *   of the main line, `object_missing` for what is neither there nor came, `object_corrupt` for malformed objects,
 *   `entry_refused` for a path that must not be cloned, `ref_invalid` for a name or what it would name; what `check` throws;
 *   those of `Swap.submit`
 */
export async function landCommits(_options: LandOptions): Promise<Landed> {
  throw new Error('not yet');
}
