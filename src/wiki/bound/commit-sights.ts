import { Lru } from '../../core/lru.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../access.ts';

/** How much of what a commit changed a caller may read. */
export type Sight = 'all' | 'part' | 'none';

/** Of changed paths that are kept: about 10 MB. */
const MAX_PATHS = 100_000;
/** Commits whose sight is kept for one caller. */
const MAX_SIGHTS = 1_000;

/**
 * One per wiki: how much of commits its callers may read. An import changes as many files as the wiki has, and each page that was
 * not written since names it as its last change.
 */
export class CommitSights {
  readonly #paths = new Lru<Oid, readonly string[]>(MAX_PATHS);
  readonly #sights = new WeakMap<Permits, Lru<Oid, Sight>>();

  /** `all` of a commit that there is not. */
  async of(view: View, permits: Permits, oid: Oid): Promise<Sight> {
    const known = this.#sights.get(permits) ?? new Lru<Oid, Sight>(MAX_SIGHTS);
    this.#sights.set(permits, known);
    const before = known.get(oid);
    if (before !== undefined) return before;
    const paths = await this.#pathsOf(view, oid);
    if (paths === undefined) return 'all';
    const sight = sightOf(paths, permits);
    known.set(oid, sight, 1);
    return sight;
  }

  async #pathsOf(view: View, oid: Oid): Promise<readonly string[] | undefined> {
    const known = this.#paths.get(oid);
    if (known !== undefined) return known;
    const entry = await view.logEntry(oid);
    if (entry === undefined) return undefined;
    const paths = entry.changes.map(({ path }) => path);
    this.#paths.set(oid, paths, paths.length + 1);
    return paths;
  }
}

function sightOf(paths: readonly string[], permits: Permits): Sight {
  let [seen, hidden] = [false, false];
  for (const path of paths) {
    if (permits.may('read', path)) seen = true;
    else hidden = true;
    if (seen && hidden) return 'part';
  }
  return hidden ? 'none' : 'all';
}
