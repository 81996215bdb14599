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
  return async principal => {
    const [{ openDrafts }, opened, uuid] = await Promise.all([
      import('../draft/drafts.ts'),
      store(),
      wikiId(),
    ]);
    return openDrafts({
      store: opened,
      uuid,
      author: authorOf(principal),
      runtime,
      keptDays: config.draftDays,
    });
  };
}

/** A user's tokens reach the user's drafts; tokens that operators made for others have their own. */
function authorOf({ id, token }: Principal): string {
  return token === undefined || token.ownerId === 'api-key' ? id : token.ownerId;
}
