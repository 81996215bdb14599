import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerRepository } from '../git/open.ts';
import type { Erased } from '../git/purge/erase-old.ts';
import type { PurgePlan, PurgeReport } from '../git/purge/purge.ts';
import type { Lazy } from './lazy.ts';

/** What is to be taken out of a wiki's history. */
export interface PurgeWish {
  /** Pages or files, as they are named on the command line. */
  names: readonly string[];
  blobs: readonly string[];
  pathOnly: boolean;
}

/** Taking contents out of a wiki's history. No request needs any of it. */
export interface Purging {
  plan(wish: PurgeWish): Promise<PurgePlan>;
  /** Ends the imports that are under way, which could bring it in again. */
  rewrite(wish: PurgeWish): Promise<PurgeReport>;
  /**
   * Deletes what is no longer listed, every search index, the published site, all rendered pages of the store, and all imports with
   * their files: also what an earlier purge, that was ended, has left. The next run of the projections publishes the site anew.
   */
  erase(): Promise<Erased>;
}

export function createPurging(
  open: Lazy<LedgerRepository>,
  settings: { data: string; retainPageNameCase: boolean },
): Purging {
  const purging = () => import('../git/purge/purge.ts');
  const imports = () => import('../import/job/purge-jobs.ts');
  const request = async ({ names, ...wish }: PurgeWish) => {
    const { pageFile } = await import('../wiki/name/page-path.ts');
    return { ...wish, paths: names.flatMap(name => [name, pageFile(name, settings)]) };
  };
  return {
    async plan(wish) {
      const [{ planPurge }, repository] = await Promise.all([purging(), open()]);
      return await planPurge(repository, await request(wish));
    },
    async rewrite(wish) {
      const [{ purgeHistory }, { endImports }, repository] = await Promise.all([
        purging(),
        imports(),
        open(),
      ]);
      await endImports(repository);
      return await purgeHistory(repository, await request(wish));
    },
    async erase() {
      const [
        { eraseOld },
        { indexPrefix },
        { RENDERED_PREFIX },
        { sitePrefixes },
        { memoPrefix },
        { eraseImports },
        repository,
      ] = await Promise.all([
        import('../git/purge/erase-old.ts'),
        import('../projection/published/pointer.ts'),
        import('../projection/render/rendered-pages.ts'),
        import('../projection/site/site-projection.ts'),
        import('../import/operator/memo-store.ts'),
        imports(),
        open(),
      ]);
      await removeIndex(join(settings.data, 'search'), repository.uuid);
      return await eraseOld(repository, [
        indexPrefix(repository.uuid),
        RENDERED_PREFIX,
        ...sitePrefixes(repository.uuid),
        memoPrefix(repository.uuid),
        ...(await eraseImports(repository)),
      ]);
    },
  };
}

/** The index of this machine: its file, with SQLite's own beside it. A server that has it open makes a new one. */
async function removeIndex(folder: string, uuid: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter(name => name.startsWith(`${uuid}.sqlite`) && !name.endsWith('-lock'));
  for (const name of own) await rm(join(folder, name), { recursive: true, force: true });
}
