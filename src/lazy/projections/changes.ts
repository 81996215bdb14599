import type { Principal } from '../../auth/principal.ts';
import type { ChangePage, ChangeQuery } from '../../projection/event/change-feed.ts';
import type { ProjectionParts } from './parts.ts';

/** The feed of changes as one caller may read it now, also those that happened when he might not. */
export async function readChangesAs(
  { wiki, events }: ProjectionParts,
  principal: Principal,
  query: ChangeQuery,
): Promise<ChangePage> {
  const [{ readChanges }, { isKittiwakeError }, reader, repository, access] = await Promise.all([
    import('../../projection/event/change-feed.ts'),
    import('../../core/errors.ts'),
    events(),
    wiki.repository(),
    wiki.policies.accessAs(principal),
  ]);
  const read = async (options: { maxAgeMs?: number }) => {
    const view = await repository.view(options);
    return await readChanges(reader, view, access(view.policy), query);
  };
  try {
    return await read({});
  } catch (error) {
    // Another process may have told of a commit that this one has not heard of.
    if (!isKittiwakeError(error, 'changes_gone')) throw error;
    return await read({ maxAgeMs: 0 });
  }
}
