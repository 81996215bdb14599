import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** No configuration of this machine or user takes part. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Bob',
  GIT_COMMITTER_EMAIL: 'bob@example.org',
};

export interface GitOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** Runs native git in `folder` and returns what it printed; fails the test, with what it said, when git fails. */
export function git(folder: string, args: readonly string[], options: GitOptions = {}): Buffer {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    env: { ...ENVIRONMENT, ...options.env },
    input: options.input ?? '',
    maxBuffer: 1 << 30,
  });
  if (status !== 0)
    throw new Error(`git ${args.join(' ')} ends with ${status}: ${stderr.toString()}${stdout.toString()}`);
  return stdout;
}

/** How a run of git ended, and what a person has seen of it. */
export interface FinishedGit {
  status: number | null;
  out: string;
  err: string;
}

/** Runs native git beside what this process does, for example as the server that it talks to. */
export function runGit(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<FinishedGit> {
  return new Promise((resolve, reject) => {
    const env = { ...ENVIRONMENT, GIT_TERMINAL_PROMPT: '0', ...options.env };
    const child = spawn('git', args, { cwd: folder, env });
    let [out, err] = ['', ''];
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    child.stderr.on('data', chunk => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', status => resolve({ status, out, err }));
    // Not every run reads it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** A temporary folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new, empty bare repository. */
export function bareRepository(): string {
  const folder = temporaryFolder();
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  return folder;
}

/** Puts a pack into a bare repository, indexed and checked by git; returns the path of its index. */
export function addPack(
  folder: string,
  pack: readonly Uint8Array[],
  options: readonly string[] = ['--strict'],
): string {
  const file = join(folder, 'objects', 'pack', 'pack-test.pack');
  writeFileSync(file, Buffer.concat(pack));
  git(folder, ['index-pack', ...options, file]);
  return file.replace(/pack$/, 'idx');
}

/** Every object of a repository as `git cat-file --batch` prints it. */
export function allObjects(folder: string): Map<string, { type: string; bytes: Buffer }> {
  const printed = git(folder, ['cat-file', '--batch', '--batch-all-objects']);
  const objects = new Map<string, { type: string; bytes: Buffer }>();
  for (let at = 0; at < printed.length; ) {
    const end = printed.indexOf('\n', at);
    const [oid = '', type = '', size] = printed.toString('latin1', at, end).split(' ');
    const start = end + 1;
    objects.set(oid, { type, bytes: printed.subarray(start, start + Number(size)) });
    at = start + Number(size) + 1;
  }
  return objects;
}
