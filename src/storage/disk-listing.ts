import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Listing } from './byte-store.ts';
import { withCurrent } from './disk-mutable.ts';
import { hasErrno } from './errors.ts';
import { isKeySegment } from './object-key.ts';

type Listed = Listing['objects'][number];

/**
 * The objects under a root folder whose keys start with `prefix` and come after `after`. Reads only the folders that
 * may hold some of them, and none beyond those that hold what is answered.
 */
export function listObjects(root: string, prefix: string, after: string, limit: number): Listing {
  const objects: Listed[] = [];
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  for (const found of walk(join(root, start), start, prefix, after)) {
    const object = describe(found);
    if (object === undefined) continue;
    if (objects.length === limit) return { objects, more: true };
    objects.push(object);
  }
  return { objects, more: false };
}

interface Found {
  key: string;
  path: string;
  kind: 'mutable' | 'immutable' | 'folder';
}

function* walk(folder: string, folderKey: string, prefix: string, after: string): Generator<Found> {
  for (const found of readSorted(folder, folderKey)) {
    const { key } = found;
    if (found.kind === 'folder') {
      const mayHold = key.startsWith(prefix) || prefix.startsWith(key);
      if (mayHold && (key > after || after.startsWith(key))) yield* walk(found.path, key, prefix, after);
    } else if (key > after && key.startsWith(prefix)) yield found;
  }
}

/** What is in a folder, in the order of the keys: a folder sorts by its name with the slash that follows it. */
function readSorted(folder: string, folderKey: string): Found[] {
  const found = readEntries(folder).flatMap(entry => classify(folder, folderKey, entry) ?? []);
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function classify(folder: string, folderKey: string, entry: Dirent): Found | undefined {
  const isMutable = entry.isDirectory() && entry.name.endsWith('~');
  const name = isMutable ? entry.name.slice(0, -1) : entry.name;
  if (!isKeySegment(name)) return undefined;
  const path = join(folder, entry.name);
  if (isMutable) return { key: folderKey + name, path, kind: 'mutable' };
  if (entry.isDirectory()) return { key: `${folderKey}${name}/`, path, kind: 'folder' };
  return entry.isFile() ? { key: folderKey + name, path, kind: 'immutable' } : undefined;
}

function readEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** Undefined when the object was removed in between. */
function describe({ key, path, kind }: Found): Listed | undefined {
  if (kind === 'immutable') return describeFile(key, path);
  const current = withCurrent(path, file => statSync(file.path));
  if (typeof current === 'string') return undefined;
  return { key, size: current.value.size, modifiedMs: Math.trunc(current.value.mtimeMs) };
}

function describeFile(key: string, path: string): Listed | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return { key, size: stats.size, modifiedMs: Math.trunc(stats.mtimeMs) };
}
