import { stat } from 'node:fs/promises';
import { isHttpUrl, parseRemoteUrl } from '../net/git/remote-url.ts';
import { sourceMissing, sourceUnsupported } from './errors.ts';
import { isBundle } from './git/git-bundle.ts';
import { findGitFolder } from './git/git-folder.ts';
import { firstContent } from './git/gzip-file.ts';

/** What a path to import from turned out to be. */
export type ImportSource =
  | { kind: 'folder'; path: string }
  | { kind: 'repository'; path: string; gitFolder: string }
  | { kind: 'bundle'; path: string }
  /** Of a repository; `path` is the URL without user name and password. */
  | { kind: 'url'; path: string; url: string };

/** True for what is fetched over HTTP. */
export function isRepositoryUrl(path: string): boolean {
  return isHttpUrl(path);
}

/**
 * Looks at a path: a git repository (working copy, worktree or bare), a bundle, or a folder of files; or at the URL of a repository.
 * @param asFolder takes a working copy as a folder of files
 * @throws KittiwakeError `source_missing`, `source_unsupported`, `remote_url_refused`
 */
export async function findSource(path: string, asFolder: boolean): Promise<ImportSource> {
  if (isRepositoryUrl(path)) return { kind: 'url', path: parseRemoteUrl(path).shown, url: path };
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw sourceMissing(path);
  if (found.isDirectory()) {
    const gitFolder = asFolder ? undefined : await findGitFolder(path);
    return gitFolder === undefined ? { kind: 'folder', path } : { kind: 'repository', path, gitFolder };
  }
  if (found.isFile() && isBundle(await firstContent(path, 16))) return { kind: 'bundle', path };
  throw sourceUnsupported(path, 'it is neither a folder, nor a git repository, nor a git bundle');
}
