import { isKittiwakeError } from '../../core/errors.ts';
import { refusalOf, SUBMODULE } from '../../git/foreign/entry-check.ts';
import { decodeCommit } from '../../git/object/object-codec.ts';
import { MODE_FOLDER, type Oid } from '../../git/object/objects.ts';
import { OidSet } from '../../git/object/oid-set.ts';
import type { FolderEntry } from '../../git/repository.ts';
import { Tree } from '../../git/tree/tree.ts';
import { entryRefused, sourceCorrupt } from '../errors.ts';
import type { ForeignObjects } from './foreign-objects.ts';

/** What a commit leads to. Apart, so that each object is checked to be what every reference to it needs. */
export interface Reachable {
  commits: OidSet;
  trees: OidSet;
  blobs: OidSet;
}

export interface ReachOptions {
  objects: ForeignObjects;
  head: Oid;
  /** For messages. */
  path: string;
  /** A commit whose tree is there already: what it leads to is not found again. */
  base: Oid | undefined;
  /** True for a commit that is known already: it and what it leads to is not entered. */
  known: (commit: Oid) => Promise<boolean>;
  advance: (steps: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Finds everything that a commit leads to, and refuses what must not be cloned: names that some file system takes for
 * `.git` or for a way out, names twice in one folder, unknown modes, objects that are missing or of the wrong type.
 * @throws KittiwakeError `entry_refused`, `source_corrupt`
 */
export async function findReachable(options: ReachOptions): Promise<Reachable> {
  const present = nothingReached();
  if (options.base !== undefined && (await options.objects.typeOf(options.base)) === 'commit') {
    const { tree } = await readCommit(options.base, options);
    await enterTree({ oid: tree, commit: options.base, path: '' }, options, nothingReached(), present);
  }
  const found = nothingReached();
  const queue = [options.head];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    options.signal?.throwIfAborted();
    if (found.commits.has(oid) || (await options.known(oid))) continue;
    found.commits.add(oid);
    const commit = await readCommit(oid, options);
    await enterTree({ oid: commit.tree, commit: oid, path: '' }, options, present, found);
    queue.push(...commit.parents);
    options.advance(1);
  }
  return found;
}

function nothingReached(): Reachable {
  return { commits: new OidSet(), trees: new OidSet(), blobs: new OidSet() };
}

async function readCommit(oid: Oid, { objects, path }: ReachOptions) {
  const bytes = await objects.read(oid, 'commit');
  return readable(path, `commit ${oid}`, () => decodeCommit(bytes));
}

interface Place {
  oid: Oid;
  commit: Oid;
  path: string;
}

/** Enters what is not in `present`. */
async function enterTree(
  at: Place,
  options: ReachOptions,
  present: Reachable,
  { trees, blobs }: Reachable,
): Promise<void> {
  const stack = [at];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    if (present.trees.has(place.oid) || !trees.add(place.oid)) continue;
    for (const entry of await readTree(place, options)) {
      const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`;
      if (entry.mode === MODE_FOLDER) stack.push({ ...place, oid: entry.oid, path });
      else if (entry.mode !== SUBMODULE && !blobs.has(entry.oid) && !present.blobs.has(entry.oid)) {
        await checkBlob(entry.oid, path, options);
        blobs.add(entry.oid);
      }
    }
  }
}

async function readTree({ oid, commit, path }: Place, options: ReachOptions): Promise<FolderEntry[]> {
  const bytes = await options.objects.read(oid, 'tree');
  const entries = readable(options.path, `tree ${oid}`, () => [...Tree.parse(bytes).entries()]);
  const names = new Set<string>();
  for (const { name, mode } of entries) {
    const reason =
      refusalOf(name, mode) ?? (names.has(name) ? 'its name stands twice in one folder' : undefined);
    if (reason !== undefined) throw entryRefused(commit, path === '' ? name : `${path}/${name}`, reason);
    names.add(name);
  }
  return entries;
}

async function checkBlob(oid: Oid, path: string, { objects, path: source }: ReachOptions): Promise<void> {
  const type = await objects.typeOf(oid);
  if (type === 'blob') return;
  const what = type === undefined ? 'is missing' : `is a ${type}`;
  throw sourceCorrupt(source, `object ${oid}, the content of ${JSON.stringify(path)}, ${what}`);
}

function readable<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    throw sourceCorrupt(path, `${what} is malformed: ${error.message}`, error);
  }
}
