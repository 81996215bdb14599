import { Lru } from '../../core/lru.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { View } from '../../git/repository.ts';
import type { Permits } from '../access.ts';
import { mayHaveMore } from './visible-commit.ts';

/** How much of what a commit is about a caller may read; of some that is never known to be all. */
export type Sight = 'all' | 'part' | 'none';

/** What a commit changed, and whether it may be about more. */
interface About {
  paths: readonly string[];
  mayBeMore: boolean;
  /** More was changed than the paths. */
  isCut: boolean;
}

/** Of changed paths that are kept: about 10 MB. */
const MAX_PATHS = 100_000;
/** Commits whose sight is kept for one caller. */
const MAX_SIGHTS = 1_000;

/**
 * One per wiki: how much of commits its callers may read. An import changes as many files as the wiki has, and each page that was
 * not written since names it as its last change.
 */
export class CommitSights {
  readonly #abouts = new Lru<Oid, About>(MAX_PATHS);
  readonly #sights = new WeakMap<Permits, Lru<Oid, Sight>>();

  /** `all` of a commit that there is not. */
  async of(view: View, permits: Permits, oid: Oid): Promise<Sight> {
    const known = this.#sights.get(permits) ?? new Lru<Oid, Sight>(MAX_SIGHTS);
    this.#sights.set(permits, known);
    const before = known.get(oid);
    if (before !== undefined) return before;
    const about = await this.#aboutOf(view, oid);
    if (about === undefined) return 'all';
    const sight = sightOf(about, permits);
    known.set(oid, sight, 1);
    return sight;
  }

  async #aboutOf(view: View, oid: Oid): Promise<About | undefined> {
    const known = this.#abouts.get(oid);
    if (known !== undefined) return known;
    const entry = await view.logEntry(oid);
    if (entry === undefined) return undefined;
    const about = {
      paths: entry.changes.map(({ path }) => path),
      mayBeMore: mayHaveMore(entry),
      isCut: entry.omitted !== undefined,
    };
    this.#abouts.set(oid, about, about.paths.length + 1);
    return about;
  }
}

function sightOf({ paths, mayBeMore, isCut }: About, permits: Permits): Sight {
  let [seen, hidden] = [paths.length === 0, false];
  for (const path of paths) {
    if (permits.may('read', path)) seen = true;
    else hidden = true;
    if (seen && hidden) return 'part';
  }
  if (hidden && !isCut) return 'none';
  return mayBeMore ? 'part' : 'all';
}
