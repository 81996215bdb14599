import type { Oid } from '../../object/objects.ts';
import type { LedgerRepository } from '../../open.ts';
import type { BulkCommit } from '../bulk.ts';
import { findLanded } from './find-landed.ts';

export interface SettledBulk {
  /** Undefined: it has not landed, and never will. */
  commit: Oid | undefined;
}

/**
 * Finds out what became of a commit whose worker may have ended while its swap was under way. A swap that has not arrived yet cannot
 * succeed any more, as the ledger is another version now. To be asked when nobody can begin another attempt.
 * @throws KittiwakeError those of {@link Swap.submit}
 */
export function settleBulk(
  repository: LedgerRepository,
  names: Pick<BulkCommit, 'requestId' | 'since'>,
): Promise<SettledBulk> {
  return repository.amend<SettledBulk>({
    async apply(current) {
      const commit = await findLanded(repository.viewOf(current), names);
      if (commit !== undefined) return { kind: 'keep', result: { commit } };
      return { kind: 'change', value: { ...current }, result: { commit } };
    },
    // Whoever changed the ledger, it is another version.
    settle: async current => ({ commit: await findLanded(repository.viewOf(current), names) }),
  });
}
