import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceTooLarge } from '../errors.ts';
import { walkFolder } from '../folder-walk.ts';
import { type ArchiveOptions, DEFAULT_BOUNDS } from './archive-options.ts';
import { entryUnreadable, tooManyEntries } from './errors.ts';
import { type EntryRefusal, type FileList, LeftOut } from './file-list.ts';
import { PathTable } from './path-table.ts';

/**
 * The files of a folder of this machine; links are not followed.
 * @throws KittiwakeError `source_unreadable`, `source_too_large`
 */
export async function openFolder(
  folder: string,
  { bounds, hidden = false, signal }: Pick<ArchiveOptions, 'bounds' | 'hidden' | 'signal'>,
): Promise<FileList> {
  const { maxEntries, maxUnpackedBytes } = { ...DEFAULT_BOUNDS, ...bounds };
  const paths = new PathTable();
  const left = new LeftOut();
  const sizes: number[] = [];
  const refusals = new Map<number, EntryRefusal>();
  let bytes = 0;
  for await (const item of walkFolder(folder, { hidden, signal })) {
    if (item.kind === 'left' && item.code === undefined) left.add(item.path, item.reason);
    else {
      if (paths.count >= maxEntries) throw tooManyEntries(folder, maxEntries + 1, maxEntries);
      const index = paths.add(item.path);
      sizes[index] = item.kind === 'file' ? item.bytes : 0;
      bytes += sizes[index];
      if (item.kind === 'left') refusals.set(index, refusalOf(item));
    }
  }
  if (bytes > maxUnpackedBytes) throw sourceTooLarge(folder, bytes, maxUnpackedBytes);
  const absolute = (index: number) => join(folder, paths.at(index));
  return {
    paths,
    order: paths.sorted(),
    left,
    bytes,
    marks: left.told.some(({ path }) => path === '.obsidian') ? ['.obsidian/app.json'] : [],
    size: index => sizes[index] ?? 0,
    storedSize: index => sizes[index] ?? 0,
    refusal: index => refusals.get(index),
    read: index => readFile(absolute(index)).catch(cause => Promise.reject(entryUnreadable(cause))),
    open: index => pieces(absolute(index)),
    hidden: path => readFile(join(folder, path)).catch(() => undefined),
  };
}

function refusalOf({ code = 'entry_unreadable', reason }: { code?: string; reason: string }): EntryRefusal {
  // What the system says holds the path.
  const why = code === 'entry_unreadable' ? 'it cannot be read' : reason;
  return { code, message: `Reading a file of a folder: ${why}` };
}

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path);
  } catch (cause) {
    throw entryUnreadable(cause);
  }
}
