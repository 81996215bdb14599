import type { Oid } from '../object/objects.ts';
import type { PackedObjects } from './packed-objects.ts';
import { differingPart, type RawEntry, rawEntries } from './raw-tree.ts';
import type { Selection } from './selection.ts';

/** Which contents are left out. */
export interface ContentFilter {
  /** False: none is sent. */
  blobs: boolean;
  /** Contents of so many bytes are left out, and larger ones. */
  maxBlobBytes?: number;
  /** False: commits and tags alone. */
  trees: boolean;
}

export const NO_FILTER: ContentFilter = { blobs: true, trees: true };

export function isFiltered({ blobs, maxBlobBytes, trees }: ContentFilter): boolean {
  return !blobs || !trees || maxBlobBytes !== undefined;
}

export interface TreeSelectionOptions {
  objects: PackedObjects;
  selection: Selection;
  filter: ContentFilter;
}

/** Selects what is in a tree and in none of those that the receiver has, or gets, in its place. */
export class TreeSelection {
  readonly #options: TreeSelectionOptions;

  constructor(options: TreeSelectionOptions) {
    this.#options = options;
  }

  /** @throws KittiwakeError `object_missing`, `object_corrupt` */
  async add(tree: Oid, had: readonly Oid[]): Promise<void> {
    const { selection, filter } = this.#options;
    if (!filter.trees || had.includes(tree) || !selection.add(tree, had[0])) return;
    const bytes = await this.#read(tree);
    const [first, ...others] = await Promise.all(had.map(oid => this.#read(oid)));
    if (first === undefined) return await this.#addEntries(rawEntries(bytes), []);
    const { start, beforeEnd, afterEnd } = differingPart(first, bytes);
    const known = [rawEntries(first, start, beforeEnd), ...others.map(each => rawEntries(each))];
    await this.#addEntries(rawEntries(bytes, start, afterEnd), known.map(byFront));
  }

  async #read(oid: Oid): Promise<Buffer> {
    return (await this.#options.objects.object(oid, 'tree')).bytes;
  }

  /** Those that are not in any of the folders that are known. Of contents, which are most, nothing is waited for. */
  async #addEntries(entries: Iterable<RawEntry>, known: readonly ReadonlyMap<string, Oid>[]): Promise<void> {
    const { selection, filter } = this.#options;
    for (const { front, kind, oid } of entries) {
      const before = known.flatMap(each => each.get(front) ?? []);
      if (kind === 'submodule' || before.includes(oid)) continue;
      if (kind === 'folder') await this.add(oid, before);
      else if (!filter.blobs) continue;
      else if (filter.maxBlobBytes === undefined || (await this.#isSmall(oid, filter.maxBlobBytes)))
        selection.add(oid, before[0]);
    }
  }

  async #isSmall(oid: Oid, maxBytes: number): Promise<boolean> {
    const { objects } = this.#options;
    const entry = objects.find(oid);
    return entry !== undefined && (await objects.describe(entry)).size < maxBytes;
  }
}

function byFront(entries: Iterable<RawEntry>): Map<string, Oid> {
  const map = new Map<string, Oid>();
  for (const { front, oid } of entries) map.set(front, oid);
  return map;
}
