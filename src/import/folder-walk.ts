import { isUtf8 } from 'node:buffer';
import { type Dirent, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceUnreadable } from './errors.ts';

/** What stands at a path below the folder; paths have `/` on every system. */
export type Walked =
  | { kind: 'file'; path: string; absolute: string; bytes: number }
  /** With a code where it is something that was meant to be read. */
  | { kind: 'left'; path: string; reason: string; code?: string };

export interface WalkOptions {
  /** Takes files and folders whose name begins with a dot, and `node_modules`. `.git` is never taken. */
  hidden: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * All files below a folder, depth first, each folder in code-unit order. Links are not followed: what they point at
 * may lie outside.
 * @throws KittiwakeError `source_unreadable` for the root; folders below that cannot be read are reported
 */
export async function* walkFolder(root: string, options: WalkOptions): AsyncGenerator<Walked> {
  yield* walk(root, '', options);
}

async function* walk(root: string, folder: string, options: WalkOptions): AsyncGenerator<Walked> {
  options.signal?.throwIfAborted();
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true, encoding: 'buffer' });
  } catch (cause) {
    if (folder === '') throw sourceUnreadable(root, cause);
    yield { kind: 'left', path: `${folder}/`, reason: reasonOf(cause), code: 'entry_unreadable' };
    return;
  }
  const named = entries.map(entry => ({ entry, name: entry.name.toString() }));
  named.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const { entry, name } of named) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (name.toLowerCase() === '.git') continue;
    if (!isUtf8(entry.name))
      yield { kind: 'left', path, reason: 'its name is not UTF-8', code: 'entry_unsafe' };
    else if (!options.hidden && isHidden(name)) yield { kind: 'left', path, reason: 'hidden' };
    else if (entry.isSymbolicLink())
      yield { kind: 'left', path, reason: 'a link; links are not followed', code: 'entry_link' };
    else if (entry.isDirectory()) yield* walk(root, path, options);
    else if (entry.isFile()) yield fileAt(root, path);
    else yield { kind: 'left', path, reason: 'neither a file nor a folder' };
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function fileAt(root: string, path: string): Walked {
  const absolute = join(root, path);
  try {
    return { kind: 'file', path, absolute, bytes: statSync(absolute).size };
  } catch (cause) {
    return { kind: 'left', path, reason: reasonOf(cause), code: 'entry_unreadable' };
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
