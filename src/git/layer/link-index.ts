import type { Oid } from '../object/objects.ts';
import type { Layers } from './layers.ts';

/** The targets that a changed file has. */
export type FileLinks = ReadonlySet<string>;

/** Above this many new targets, sorting all is cheaper than inserting each. */
const MAX_INSERTS = 32;

/**
 * The links of the files that journals above the same maps have changed, by source and by target. It only grows, and views
 * of older commits share it: by target it tells who *may* have a link, and the file's own links tell who has.
 */
export class LinkIndex {
  readonly #files = new Map<string, { oid: Oid | null; links: FileLinks }>();
  readonly #sources = new Map<string, Set<string>>();
  readonly #complete = new Set<Oid>();
  #targets: string[] = [];
  #fresh: string[] = [];

  /** The links of a file with this content; null: it is gone. Undefined when another content was kept last. */
  linksOf(source: string, oid: Oid | null): FileLinks | undefined {
    const known = this.#files.get(source);
    return known?.oid === oid ? known.links : undefined;
  }

  keep(source: string, oid: Oid | null, links: FileLinks): void {
    this.#files.set(source, { oid, links });
    for (const target of links) {
      const sources = this.#sources.get(target);
      if (sources) sources.add(source);
      else {
        this.#sources.set(target, new Set([source]));
        this.#fresh.push(target);
      }
    }
  }

  /** True when every file changed up to this commit was kept as the commit left it. */
  isComplete(commit: Oid): boolean {
    return this.#complete.has(commit);
  }

  completed(commit: Oid): void {
    this.#complete.add(commit);
  }

  /** Targets that are `target`, or begin with it, and the files that may have them. */
  *candidates(target: string, prefix: boolean): Generator<{ target: string; sources: ReadonlySet<string> }> {
    for (const each of prefix ? this.#startingWith(target) : [target]) {
      const sources = this.#sources.get(each);
      if (sources) yield { target: each, sources };
    }
  }

  #startingWith(prefix: string): string[] {
    const targets = this.#sorted();
    const from = lowerBound(targets, prefix);
    let to = from;
    while (targets[to]?.startsWith(prefix)) to += 1;
    return targets.slice(from, to);
  }

  #sorted(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length > MAX_INSERTS) this.#targets = [...this.#targets, ...fresh].sort();
    else for (const target of fresh) this.#targets.splice(lowerBound(this.#targets, target), 0, target);
    return this.#targets;
  }
}

function lowerBound(sorted: readonly string[], wanted: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const indexes = new WeakMap<Layers, LinkIndex>();

/** The index of the journals above `lower`. */
export function linkIndexAbove(lower: Layers): LinkIndex {
  const known = indexes.get(lower);
  if (known) return known;
  const index = new LinkIndex();
  indexes.set(lower, index);
  return index;
}
