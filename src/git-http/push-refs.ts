import type { KittiwakeError } from '../core/errors.ts';
import type { RefUpdate } from '../git/incoming/incoming.ts';
import { MAIN_REF } from '../git/ledger/ledger.ts';
import { gitRefRefused } from './errors.ts';

/**
 * Why refs may not be pushed, whatever they would become, by their names. Nothing is asked of the caller or of what is there.
 * @param allowed the setting KITTIWAKE_GIT_REFS
 */
export function refusedRefs(
  updates: readonly RefUpdate[],
  allowed: 'main' | 'all',
): Map<string, KittiwakeError> {
  const refused = new Map<string, KittiwakeError>();
  for (const update of updates) {
    const why = refusal(update, allowed);
    if (why !== undefined) refused.set(update.ref, gitRefRefused(update.ref, why));
  }
  return refused;
}

function refusal({ ref, after }: RefUpdate, allowed: 'main' | 'all'): string | undefined {
  if (ref === MAIN_REF) return after === undefined ? 'the main branch cannot be deleted' : undefined;
  const isTag = ref.startsWith('refs/tags/');
  if (!isTag && !ref.startsWith('refs/heads/')) return 'only branches and tags can be pushed';
  if (allowed === 'all') return undefined;
  if (isTag) return 'tags cannot be pushed here (KITTIWAKE_GIT_REFS)';
  return 'only the branch "main" can be pushed here, for example with "git push origin HEAD:main" (KITTIWAKE_GIT_REFS)';
}
