import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git, temporaryFolder } from './git-command.ts';
import { type GitServerOptions, serveGit } from './git-http-server.ts';

/** A repository on another host, behind git's own server. */
export interface GitHost {
  url: string;
  /** The bare repository. */
  folder: string;
  requests: Awaited<ReturnType<typeof serveGit>>['requests'];
  /** Runs git in the bare repository; what it printed, without the last newline. */
  run(...args: string[]): string;
  /** Commits files onto a branch, as somebody else does; null removes one. Resolves with the commit. */
  commit(files: Readonly<Record<string, string | Buffer | null>>, options?: CommitOptions): string;
  /** Text of a file in the newest commit of the branch. */
  text(path: string, branch?: string): string;
}

export interface CommitOptions {
  /** Default `main`. */
  branch?: string;
  message?: string;
  /** The first parent. Default: the branch as it is. */
  onto?: string | null;
}

/** An empty repository that takes pushes from everybody, or from whom `server` says. It is gone with the test. */
export async function gitHost(server: Omit<GitServerOptions, 'root'> = {}): Promise<GitHost> {
  const root = temporaryFolder();
  const folder = join(root, 'wiki.git');
  mkdirSync(folder);
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  git(folder, ['config', 'http.receivepack', 'true']);
  git(folder, ['config', 'receive.fsckObjects', 'true']);
  const { origin, requests } = await serveGit({ root, ...server });
  const run = (...args: string[]) => git(folder, args).toString().trimEnd();
  return {
    url: `${origin}/wiki.git`,
    folder,
    requests,
    run,
    commit: (files, options = {}) => commitTo(folder, files, options),
    text: (path, branch = 'main') => git(folder, ['show', `${branch}:${path}`]).toString(),
  };
}

function commitTo(
  folder: string,
  files: Readonly<Record<string, string | Buffer | null>>,
  { branch = 'main', message = 'Elsewhere', onto }: CommitOptions,
): string {
  const ref = `refs/heads/${branch}`;
  const known = git(folder, ['for-each-ref', '--format=%(objectname)', ref]).toString().trim();
  const parent = onto === undefined ? known : (onto ?? '');
  const env = { GIT_INDEX_FILE: join(folder, 'index-of-test') };
  git(folder, parent === '' ? ['read-tree', '--empty'] : ['read-tree', parent], { env });
  for (const [path, content] of Object.entries(files)) {
    if (content === null)
      git(folder, ['update-index', '--index-info'], { env, input: `0 ${'0'.repeat(40)}\t${path}\n` });
    else {
      const oid = git(folder, ['hash-object', '-w', '--stdin'], { input: content }).toString().trim();
      git(folder, ['update-index', '--add', '--cacheinfo', `100644,${oid},${path}`], { env });
    }
  }
  const tree = git(folder, ['write-tree'], { env }).toString().trim();
  const parents = parent === '' ? [] : ['-p', parent];
  const made = git(folder, ['commit-tree', tree, ...parents, '-m', message])
    .toString()
    .trim();
  git(folder, ['update-ref', ref, made]);
  return made;
}
