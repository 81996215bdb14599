import type { Commit, Oid } from '../object/objects.ts';

export interface WalkedCommit {
  oid: Oid;
  bytes: Buffer;
  commit: Commit;
  /** Position on the main line; -1 for commits of side branches. */
  ordinal: number;
  /** The ordinal of the commit of the main line that brought this one in. */
  arrival: number;
  /** The parent that precedes it on the main line; of a side branch, its first. */
  parent: Oid | undefined;
}

export interface WalkOptions {
  head: Oid;
  /** Reads a commit; undefined when the walk ends there because it is known already. */
  read(oid: Oid): Promise<{ bytes: Buffer; commit: Commit } | undefined>;
  /** Ordinal of the first new commit of the main line: one above that of the commit it builds on. */
  firstOrdinal: number;
  /** The commit that the new ones build on: the main line leads to it, through whichever parent of a merge. */
  base?: Oid | undefined;
  /** Asked of merges: whether the main line goes through that parent. Default: through the first that builds on `base`. */
  precedes?: ((parent: Oid, child: Oid) => Promise<boolean>) | undefined;
}

/**
 * The commits of a history that are not known yet, newest first, each before its parents. The main line goes from the head through first
 * parents, but where it would miss the commits that it had before: who merges the wiki into a copy and pushes that has them behind
 * another parent.
 */
export async function walkHistory(options: WalkOptions): Promise<WalkedCommit[]> {
  const { head, read } = options;
  const found = new Map<Oid, { bytes: Buffer; commit: Commit }>();
  for (const queue = [head]; queue.length > 0; ) {
    const oid = queue.pop() as Oid;
    if (found.has(oid)) continue;
    const read_ = await read(oid);
    if (!read_) continue;
    found.set(oid, read_);
    queue.push(...read_.commit.parents);
  }
  const ordered = order(found, head);
  const line = await lineOf(ordered, found, options);
  const arrivals = arrivalsOf(line, found);
  return ordered.map(oid => {
    const { bytes, commit } = found.get(oid) as { bytes: Buffer; commit: Commit };
    const { ordinal, parent } = line.get(oid) ?? { ordinal: -1, parent: commit.parents[0] };
    return { oid, bytes, commit, ordinal, arrival: arrivals.get(oid) ?? -1, parent };
  });
}

type Found = ReadonlyMap<Oid, { commit: Commit }>;
type Line = ReadonlyMap<Oid, { ordinal: number; parent: Oid | undefined }>;

/** Newest first. */
async function lineOf(
  ordered: readonly Oid[],
  found: Found,
  { head, firstOrdinal, base, precedes = buildsOn(base, ordered, found) }: WalkOptions,
): Promise<Line> {
  const line: { oid: Oid; parent: Oid | undefined }[] = [];
  for (let oid: Oid | undefined = head; oid !== undefined && found.has(oid); ) {
    const { parents }: Commit = (found.get(oid) as { commit: Commit }).commit;
    let parent: Oid | undefined = parents[0];
    for (const each of parents.length > 1 ? parents : []) {
      if (!(await precedes(each, oid))) continue;
      parent = each;
      break;
    }
    line.push({ oid, parent });
    oid = parent;
  }
  const last = firstOrdinal + line.length - 1;
  return new Map(line.map(({ oid, parent }, at) => [oid, { ordinal: last - at, parent }]));
}

function buildsOn(
  base: Oid | undefined,
  ordered: readonly Oid[],
  found: Found,
): (oid: Oid) => Promise<boolean> {
  if (base === undefined) return async () => false;
  const building = new Set([base]);
  for (const oid of ordered.toReversed())
    if (found.get(oid)?.commit.parents.some(parent => building.has(parent))) building.add(oid);
  return async oid => building.has(oid);
}

/** For each commit the oldest one of the main line that has it among its ancestors. */
function arrivalsOf(line: Line, found: Found): Map<Oid, number> {
  const arrivals = new Map<Oid, number>();
  for (const [oid, { ordinal }] of [...line].reverse()) {
    for (const queue = [oid]; queue.length > 0; ) {
      const next = queue.pop() as Oid;
      if (arrivals.has(next) || !found.has(next)) continue;
      arrivals.set(next, ordinal);
      queue.push(...(found.get(next)?.commit.parents ?? []));
    }
  }
  return arrivals;
}

/** Newest committer time first, but never a parent before all of its children (git's --date-order). */
function order(found: Found, head: Oid): Oid[] {
  const children = new Map<Oid, number>();
  for (const { commit } of found.values()) {
    for (const parent of new Set(commit.parents)) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const ready = new TimeHeap();
  const ordered: Oid[] = [];
  ready.push(head, 0);
  for (let oid = ready.pop(); oid !== undefined; oid = ready.pop()) {
    ordered.push(oid);
    for (const parent of new Set(found.get(oid)?.commit.parents ?? [])) {
      const left = (children.get(parent) ?? 1) - 1;
      children.set(parent, left);
      if (left === 0 && found.has(parent))
        ready.push(parent, found.get(parent)?.commit.committer.seconds ?? 0);
    }
  }
  return ordered;
}

/** A binary heap, latest time first. */
class TimeHeap {
  readonly #items: { oid: Oid; seconds: number }[] = [];

  push(oid: Oid, seconds: number): void {
    const items = this.#items;
    let at = items.push({ oid, seconds }) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#seconds(up) >= seconds) break;
      this.#exchange(at, up);
      at = up;
    }
  }

  pop(): Oid | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!top || !last || items.length === 0) return top?.oid;
    items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const larger = this.#seconds(left + 1) > this.#seconds(left) ? left + 1 : left;
      if (this.#seconds(larger) <= this.#seconds(at)) break;
      this.#exchange(at, larger);
      at = larger;
    }
    return top.oid;
  }

  #seconds(at: number): number {
    return this.#items[at]?.seconds ?? Number.NEGATIVE_INFINITY;
  }

  #exchange(a: number, b: number): void {
    const [left, right] = [this.#items[a], this.#items[b]];
    if (left && right) [this.#items[a], this.#items[b]] = [right, left];
  }
}
