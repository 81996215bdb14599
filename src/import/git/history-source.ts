import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Oid } from '../../git/object/objects.ts';
import { fetchPack, listRefs, openRemote } from '../../net/git/fetch-pack.ts';
import { parseRemoteUrl } from '../../net/git/remote-url.ts';
import type { RemoteOptions } from '../../net/git/smart-http.ts';
import type { ImportProgress } from '../import-report.ts';
import { ForeignObjects, openForeignPack } from './foreign-objects.ts';
import { readBundle } from './git-bundle.ts';
import { readGitFolder } from './git-folder.ts';
import type { GitRefs } from './git-refs.ts';
import { isGzip, unpackGzip } from './gzip-file.ts';

/** A repository whose history can be taken over. */
export type HistorySource =
  | { kind: 'repository'; path: string; gitFolder: string }
  /** Maybe gzipped. `file` is where it lies, where `path` is another name to be shown. */
  | { kind: 'bundle'; path: string; file?: string }
  /** A repository that is fetched over HTTP: `url` may hold a user name and a password, `path` is the same to be shown. */
  | { kind: 'url'; path: string; url: string };

export interface OpenedHistory {
  refs: GitRefs;
  objects: ForeignObjects;
}

/** How a repository is fetched. */
export interface FetchLimits extends Pick<RemoteOptions, 'allowed' | 'resolve' | 'ca'> {
  /** Of its pack. */
  maxBytes: number;
}

export interface HistoryOptions {
  source: HistorySource;
  /** Default: from everywhere that this machine reaches, up to 16 GiB. */
  fetch: FetchLimits | undefined;
  /** Which commit of a URL's repository is wanted. */
  choose: (refs: GitRefs) => Oid;
  scratch: string | undefined;
  progress: ImportProgress;
  signal: AbortSignal | undefined;
}

const DEFAULT_LIMITS: FetchLimits = { allowed: 'any', maxBytes: 16 * 2 ** 30 };

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
  if (source.kind === 'url') return await withFetchedPack(source, options, work);
  const { file = source.path } = source;
  if (!(await isGzip(file))) return await withBundle(source.path, file, options, work);
  return await withScratch(options.scratch, async folder => {
    const path = join(folder, 'bundle');
    await unpackGzip(file, path, signal);
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
  const pack = await openForeignPack(file, { start: packStart, name: path, signal });
  return await closing({ refs, objects: new ForeignObjects(path, [pack]) }, work);
}

async function withFetchedPack<R>(
  { url, path }: Extract<HistorySource, { kind: 'url' }>,
  { fetch = DEFAULT_LIMITS, choose, scratch, progress, signal }: HistoryOptions,
  work: (opened: OpenedHistory) => Promise<R>,
): Promise<R> {
  const remote = await openRemote(parseRemoteUrl(url), { ...fetch, signal });
  const refs = await listRefs(remote);
  const wants = [choose(refs)];
  return await withScratch(scratch, async folder => {
    const file = join(folder, 'fetched.pack');
    progress.phase('receiving', 'bytes', 0);
    await writePack(file, fetchPack(remote, { wants, maxBytes: fetch.maxBytes }), progress);
    progress.phase('opening', 'objects', 0);
    const pack = await openForeignPack(file, { name: path, signal });
    return await closing({ refs, objects: new ForeignObjects(path, [pack]) }, work);
  });
}

async function writePack(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  progress: ImportProgress,
): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      progress.advance(chunk.length);
    }
  } finally {
    await handle.close();
  }
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
