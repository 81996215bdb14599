import type { Commit, Oid } from '../object/objects.ts';

export interface WalkedCommit {
  oid: Oid;
  bytes: Buffer;
  commit: Commit;
  /** Position on the first-parent line; -1 for commits of side branches. */
  ordinal: number;
  /** The ordinal of the first-parent commit that brought this one in. */
  arrival: number;
}

export interface WalkOptions {
  head: Oid;
  /** Reads a commit; undefined when the walk ends there because it is known already. */
  read(oid: Oid): Promise<{ bytes: Buffer; commit: Commit } | undefined>;
  /** Ordinal of the first commit of the new first-parent line: one above that of the commit it builds on. */
  firstOrdinal: number;
}

/** The commits of a history that are not known yet, newest first, each before its parents. */
export async function walkHistory({ head, read, firstOrdinal }: WalkOptions): Promise<WalkedCommit[]> {
  const found = new Map<Oid, { bytes: Buffer; commit: Commit }>();
  for (const queue = [head]; queue.length > 0; ) {
    const oid = queue.pop() as Oid;
    if (found.has(oid)) continue;
    const read_ = await read(oid);
    if (!read_) continue;
    found.set(oid, read_);
    queue.push(...read_.commit.parents);
  }
  const ordinals = firstParentOrdinals(head, found, firstOrdinal);
  const arrivals = arrivalsOf(ordinals, found);
  return order(found, head).map(oid => {
    const { bytes, commit } = found.get(oid) as { bytes: Buffer; commit: Commit };
    return { oid, bytes, commit, ordinal: ordinals.get(oid) ?? -1, arrival: arrivals.get(oid) ?? -1 };
  });
}

type Found = ReadonlyMap<Oid, { commit: Commit }>;

function firstParentOrdinals(head: Oid, found: Found, firstOrdinal: number): Map<Oid, number> {
  const line: Oid[] = [];
  for (
    let oid: Oid | undefined = head;
    oid !== undefined && found.has(oid);
    oid = found.get(oid)?.commit.parents[0]
  )
    line.push(oid);
  return new Map(line.toReversed().map((oid, index) => [oid, firstOrdinal + index]));
}

/** For each commit the oldest first-parent commit that has it among its ancestors. */
function arrivalsOf(ordinals: ReadonlyMap<Oid, number>, found: Found): Map<Oid, number> {
  const arrivals = new Map<Oid, number>();
  for (const [oid, ordinal] of ordinals) {
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
