import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LedgerRepository } from '../../src/git/open.ts';
import { exportRepository } from '../../src/git/upkeep/export.ts';

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann Example',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann Example',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};

/** The version of native git; undefined where there is none. */
export function nativeGitVersion(): string | undefined {
  const { status, stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Runs native git, with none of this machine's configuration, and resolves with what it printed.
 * @throws Error with what git said when it fails
 */
export function git(
  folder: string,
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: folder, env: ENVIRONMENT });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', chunk => out.push(chunk));
    child.stderr.on('data', chunk => err.push(chunk));
    child.once('error', reject);
    child.once('close', code => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`git ${args.join(' ')} ends with ${code}: ${Buffer.concat(err)}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The same wiki as a bare repository of native git, in each of the folders. */
export async function exportBare(repository: LedgerRepository, ...folders: string[]): Promise<void> {
  const [first, ...others] = folders;
  if (first === undefined) return;
  mkdirSync(join(first, 'refs'), { recursive: true });
  mkdirSync(join(first, 'objects'), { recursive: true });
  for await (const { path, chunks } of exportRepository(repository)) {
    const file = join(first, path);
    mkdirSync(dirname(file), { recursive: true });
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    writeFileSync(file, Buffer.concat(parts));
  }
  for (const other of others) cpSync(first, other, { recursive: true });
}
