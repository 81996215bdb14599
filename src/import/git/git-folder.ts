import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sourceUnsupported } from '../errors.ts';
import { type GitRefs, readGitRefs } from './git-refs.ts';

/** A repository on disk: a working copy, a linked worktree or a bare one. */
export interface GitFolder extends GitRefs {
  /** Folders of objects: its own first, then its alternates. */
  objectFolders: string[];
}

/** The folder that git keeps its own files in, when `path` is a repository. */
export async function findGitFolder(path: string): Promise<string | undefined> {
  const inside = resolve(path, '.git');
  if (isGitFolder(inside)) return inside;
  if (existsSync(inside) && statSync(inside).isFile()) {
    const target = /^gitdir: (.+)$/m.exec(await readFile(inside, 'utf8'))?.[1];
    if (target !== undefined && existsSync(resolve(path, target))) return resolve(path, target);
  }
  return isGitFolder(path) ? resolve(path) : undefined;
}

function isGitFolder(path: string): boolean {
  return ['HEAD', 'objects', 'refs'].every(name => existsSync(resolve(path, name)));
}

/**
 * Reads what a repository is and refers to.
 * @throws KittiwakeError `source_unsupported` for SHA-256, reftable, shallow and partial repositories
 */
export async function readGitFolder(path: string, own: string): Promise<GitFolder> {
  const common = resolve(own, (await textOf(resolve(own, 'commondir')))?.trim() ?? '.');
  const config = (await textOf(resolve(common, 'config'))) ?? '';
  if (/^\s*objectformat\s*=\s*(?!sha1\b)/im.test(config)) {
    throw sourceUnsupported(path, 'its objects are named by SHA-256, and only SHA-1 is known here');
  }
  if (/^\s*refstorage\s*=\s*(?!files\b)/im.test(config)) {
    throw sourceUnsupported(
      path,
      'its refs are not kept as files; run "git refs migrate --ref-format=files" in it',
    );
  }
  if (/^\s*(?:partialclone|promisor)\s*=\s*(?!false\b)/im.test(config)) {
    throw sourceUnsupported(path, 'it is a partial clone; fetch all of its objects first');
  }
  if (existsSync(resolve(common, 'shallow'))) {
    throw sourceUnsupported(path, 'it is a shallow clone; run "git fetch --unshallow" in it first');
  }
  return {
    ...(await readGitRefs(own, common)),
    objectFolders: await objectFolders(resolve(common, 'objects')),
  };
}

/** An object folder and those it borrows from, each once. */
async function objectFolders(first: string): Promise<string[]> {
  const found = [first];
  for (const folder of found) {
    const alternates = (await textOf(resolve(folder, 'info/alternates'))) ?? '';
    for (const line of alternates.split('\n')) {
      const path = line.trim();
      if (path === '' || path.startsWith('#')) continue;
      const full = resolve(folder, path);
      if (!found.includes(full)) found.push(full);
    }
  }
  return found;
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined);
}
