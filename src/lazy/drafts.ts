import type { Principal } from '../auth/principal.ts';
import type { Drafts } from '../draft/drafts.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import type { Lazy } from './lazy.ts';

/** The drafts of one wiki, those of one caller at a time. Nothing of them is kept in this process. */
export function createDraftHandles(
  { config, runtime }: Environment,
  store: Lazy<ByteStore>,
  wikiId: Lazy<string>,
): (principal: Principal) => Promise<Drafts> {
  return async ({ id }) => {
    const [{ openDrafts }, opened, uuid] = await Promise.all([
      import('../draft/drafts.ts'),
      store(),
      wikiId(),
    ]);
    return openDrafts({ store: opened, uuid, author: id, runtime, keptDays: config.draftDays });
  };
}
