import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEY } from '../http/harness.ts';
import { type FinishedGit, runGit, temporaryFolder } from '../support/git-command.ts';

/** A clone that a person works in. */
export interface Clone {
  readonly folder: string;
  /** Runs git; fails the test when git does. */
  git(...args: readonly string[]): Promise<string>;
  /** Runs git, whatever comes of it. */
  try(...args: readonly string[]): Promise<FinishedGit>;
  /** Writes files (null: removes one) and commits them. Resolves with the commit. */
  commit(files: Readonly<Record<string, string | Buffer | null>>, message?: string): Promise<string>;
}

/** Where git finds the wiki, with a password. */
export function remoteOf(url: string, password = KEY, path = '/.git'): string {
  return `${url.replace('://', `://git:${password}@`)}${path}`;
}

/** @param remote URL with what git needs to be let in */
export async function cloneOf(remote: string, ...options: readonly string[]): Promise<Clone> {
  const folder = join(temporaryFolder(), 'clone');
  const { status, err } = await runGit('/', ['clone', '--quiet', ...options, remote, folder]);
  if (status !== 0) throw new Error(`git clone ends with ${status}: ${err}`);
  return cloneIn(folder);
}

/** A repository of its own that knows the wiki as `origin`. */
export async function emptyClone(remote: string): Promise<Clone> {
  const clone = cloneIn(temporaryFolder());
  await clone.git('init', '--quiet', '--initial-branch=main', '.');
  await clone.git('remote', 'add', 'origin', remote);
  return clone;
}

function cloneIn(folder: string): Clone {
  const run = (...args: readonly string[]) => runGit(folder, args);
  async function git(...args: readonly string[]) {
    const { status, out, err } = await run(...args);
    if (status !== 0) throw new Error(`git ${args.join(' ')} ends with ${status}: ${err}${out}`);
    return out.trim();
  }
  return {
    folder,
    git,
    try: run,
    async commit(files, message = 'Change') {
      for (const [path, content] of Object.entries(files)) {
        const file = join(folder, path);
        if (content === null) rmSync(file);
        else {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
      }
      await git('add', '--all', '.');
      await git('commit', '--quiet', '--allow-empty', '-m', message);
      return await git('rev-parse', 'HEAD');
    },
  };
}
