import type { Ledger } from '../ledger/ledger.ts';
import { comparePaths, splitPath } from '../object/paths.ts';
import type { Described } from '../repository.ts';
import type { StoredDescription } from './journal-layer.ts';
import type { Row } from './layer.ts';
import type { Layers } from './layers.ts';
import { attempt } from './maybe-promise.ts';

/** The part of a view that a table is made from. */
export interface DescribedSource {
  readonly head: string | undefined;
  readonly ledger: Ledger;
  readonly layers: Layers;
  together<T>(ask: () => T): T;
}

type Table = readonly Described<unknown>[];

/**
 * All described files of the newest commit, kept as an array from which the next one is made by applying the commits in
 * between. Unchanged files keep their object, so that what callers derive from one can be kept beside it.
 */
export class DescribedTables {
  #newest: { head: string; table: Promise<Table> } | undefined;

  async of(view: DescribedSource): Promise<Table> {
    const { head } = view;
    if (head === undefined) return [];
    const known = this.#newest;
    if (known?.head === head) return known.table;
    const since = known && commitsSince(view, known.head);
    const table =
      known && since !== undefined ? known.table.then(old => advance(old, since, view)) : build(view);
    const made = { head, table };
    this.#newest = made;
    table.catch(() => {
      if (this.#newest === made) this.#newest = undefined;
    });
    return table;
  }
}

/** Paths changed after `head`; undefined when the journal does not reach back to it. */
function commitsSince(view: DescribedSource, head: string): Set<string> | undefined {
  const { journal } = view.ledger;
  const position = journal.base.head === head ? -1 : journal.position(head);
  if (position === undefined) return undefined;
  const later = journal.commits(position + 1);
  return new Set(later.flatMap(commit => commit.entry.files.map(file => file.path)));
}

async function build(view: DescribedSource): Promise<Table> {
  const table: Described<unknown>[] = [];
  const { layers } = view;
  // Where the rows are too many to be kept, each is read when it is its turn.
  const [descriptions] = await view.together(() =>
    Promise.all([attempt(() => layers.descriptions()), attempt(() => layers.prefetchAll())]),
  );
  for (const { path, json } of descriptions) {
    if (json === null) continue;
    const row = rowOf(view, path);
    const made = toDescribed(path, json, row instanceof Promise ? await row : row);
    if (made) table.push(made);
  }
  return table;
}

async function advance(old: Table, changed: ReadonlySet<string>, view: DescribedSource): Promise<Table> {
  const table = [...old];
  for (const path of [...changed].sort(comparePaths)) {
    const [description, row] = [await view.layers.description(path), await rowOf(view, path)];
    const made = description?.json ? toDescribed(path, description.json, row) : undefined;
    const at = lowerBound(table, path);
    const removed = table[at]?.path === path ? 1 : 0;
    if (made) table.splice(at, removed, made);
    else table.splice(at, removed);
  }
  return table;
}

function rowOf(view: DescribedSource, path: string) {
  const { folder, name } = splitPath(path);
  return view.layers.row(folder, name);
}

function toDescribed(path: string, json: string, row: Row | undefined): Described<unknown> | undefined {
  if (row?.kind !== 'file') return undefined;
  const { facts } = JSON.parse(json) as StoredDescription;
  const { oid, commit, seconds, offsetMinutes } = row;
  return { path, oid, commit, seconds, offsetMinutes, facts };
}

function lowerBound(table: Table, path: string): number {
  let [low, high] = [0, table.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePaths(table[middle]?.path ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
