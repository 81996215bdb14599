import type { Principal } from '../auth/principal.ts';
import type { Drafts } from '../draft/drafts.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import type { Lazy } from './lazy.ts';

/** The drafts of one wiki. Nothing of them is kept in this process. */
export interface DraftHandles {
  /** Those of one caller: a user's tokens reach the user's. */
  of(principal: Principal): Promise<Drafts>;
  /** Removes those that nobody has saved for long; how many. */
  sweep(): Promise<number>;
}

export function createDraftHandles(
  { config, runtime }: Environment,
  store: Lazy<ByteStore>,
  wikiId: Lazy<string>,
): DraftHandles {
  const keptDays = config.draftDays;
  return {
    async of(principal) {
      const [{ openDrafts }, { accountOf }, opened, uuid] = await Promise.all([
        import('../draft/drafts.ts'),
        import('../auth/principal.ts'),
        store(),
        wikiId(),
      ]);
      return openDrafts({ store: opened, uuid, author: accountOf(principal), runtime, keptDays });
    },
    async sweep() {
      const [{ sweepDrafts }, opened, uuid] = await Promise.all([
        import('../draft/sweep.ts'),
        store(),
        wikiId(),
      ]);
      return await sweepDrafts(opened, { uuid, runtime, keptDays });
    },
  };
}
