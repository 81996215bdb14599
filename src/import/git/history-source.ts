import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportProgress } from '../import-report.ts';
import { ForeignObjects } from './foreign-objects.ts';
import { ForeignPack } from './foreign-pack.ts';
import { readBundle } from './git-bundle.ts';
import { readGitFolder } from './git-folder.ts';
import type { GitRefs } from './git-refs.ts';
import { isGzip, unpackGzip } from './gzip-file.ts';

/** A repository whose history can be taken over. */
export type HistorySource =
  | { kind: 'repository'; path: string; gitFolder: string }
  /** Maybe gzipped. */
  | { kind: 'bundle'; path: string };

export interface OpenedHistory {
  refs: GitRefs;
  objects: ForeignObjects;
}

export interface HistoryOptions {
  source: HistorySource;
  scratch: string | undefined;
  progress: ImportProgress;
  signal: AbortSignal | undefined;
}

/** For messages. */
export function nameOf(source: HistorySource): string {
  return source.path;
}

/**
 * Opens a repository for `work`, and closes it; what had to be unpacked is removed.
 * @throws KittiwakeError `source_corrupt`, `source_unsupported`; what `work` throws
 */
export async function withHistory<R>(
  options: HistoryOptions,
  work: (opened: OpenedHistory) => Promise<R>,
): Promise<R> {
  const { source, signal } = options;
  if (source.kind === 'repository') {
    const folder = await readGitFolder(source.path, source.gitFolder);
    const objects = await ForeignObjects.open(source.path, folder.objectFolders, signal);
    return await closing({ refs: folder, objects }, work);
  }
  if (!(await isGzip(source.path))) return await withBundle(source.path, source.path, options, work);
  return await withScratch(options.scratch, async folder => {
    const path = join(folder, 'bundle');
    await unpackGzip(source.path, path, signal);
    return await withBundle(source.path, path, options, work);
  });
}

/** @param file where it lies now */
async function withBundle<R>(
  path: string,
  file: string,
  { signal }: HistoryOptions,
  work: (opened: OpenedHistory) => Promise<R>,
): Promise<R> {
  const { packStart, ...refs } = await readBundle(file, path);
  const pack = await ForeignPack.open(file, { start: packStart, name: path, signal });
  return await closing({ refs, objects: new ForeignObjects(path, [pack]) }, work);
}

async function closing<R>(opened: OpenedHistory, work: (opened: OpenedHistory) => Promise<R>): Promise<R> {
  try {
    return await work(opened);
  } finally {
    opened.objects.close();
  }
}

/** A folder of its own for `work`. */
export async function withScratch<R>(
  scratch: string | undefined,
  work: (folder: string) => Promise<R>,
): Promise<R> {
  const folder = await mkdtemp(join(scratch ?? tmpdir(), 'kittiwake-git-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
