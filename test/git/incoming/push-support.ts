import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { Landed, LandingCheck, RefUpdate } from '../../../src/git/incoming/incoming.ts';
import { withIncoming } from '../../../src/git/incoming/intake.ts';
import { landCommits } from '../../../src/git/incoming/land-commits.ts';
import { MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { git, temporaryFolder } from '../../support/git-command.ts';
import { exportTo } from '../../support/repository.ts';

let tick = 1_700_000_000;

/** Native git in a folder, each commit a minute after the one before. */
export function at(folder: string, ...args: readonly string[]): string {
  tick += 60;
  const date = `${tick} +0130`;
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return git(folder, args, { env }).toString().trim();
}

/** An empty working copy. */
export function emptyCopy(): string {
  const folder = temporaryFolder();
  at(folder, 'init', '--quiet', '--initial-branch=main', '.');
  return folder;
}

/** Native git's clone of a wiki, with a working copy. */
export async function cloneOf(repository: LedgerRepository): Promise<string> {
  const bare = temporaryFolder();
  await exportTo(repository, bare);
  const folder = temporaryFolder();
  at(folder, 'clone', '--quiet', bare, 'copy');
  return join(folder, 'copy');
}

/** Brings a copy the wiki's newest commits. */
export async function fetchInto(copy: string, repository: LedgerRepository): Promise<void> {
  const bare = temporaryFolder();
  await exportTo(repository, bare);
  at(copy, 'fetch', '--quiet', '--force', bare, '+refs/heads/*:refs/remotes/origin/*');
}

/** Writes (text) or removes (null) files. */
export function edit(folder: string, files: Record<string, string | Buffer | null>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    if (text === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

/** Commits everything; returns the commit's id. */
export function commit(
  folder: string,
  files: Record<string, string | Buffer | null>,
  message = 'Change',
): string {
  edit(folder, files);
  at(folder, 'add', '--all', '.');
  at(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
  return at(folder, 'rev-parse', 'HEAD');
}

/** The pack that `git push` would send. */
export function packFor(folder: string, wants: readonly string[], has: readonly string[]): Buffer {
  const input = `${[...wants, ...has.map(oid => `^${oid}`)].join('\n')}\n`;
  const args = ['pack-objects', '--revs', '--stdout', '--thin', '--delta-base-offset', '--quiet'];
  return git(folder, args, { input });
}

export async function* inPieces(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export interface PushOptions {
  updates?: readonly RefUpdate[];
  pack?: Buffer;
  check?: LandingCheck;
}

/** Pushes a copy's HEAD to the wiki's main line, or what is told. */
export async function push(
  repository: LedgerRepository,
  folder: string,
  { updates, pack, check }: PushOptions = {},
): Promise<Landed> {
  const { refs } = await repository.ledger(0);
  const before = refs[MAIN_REF];
  const wanted = updates ?? [{ ref: MAIN_REF, before, after: at(folder, 'rev-parse', 'HEAD') }];
  const wants = wanted.flatMap(({ after }) => after ?? []);
  const known = Object.values(refs).filter(oid => isThere(folder, oid));
  const bytes = pack ?? (wants.length > 0 ? packFor(folder, wants, known) : undefined);
  const source = bytes && inPieces(bytes);
  return await withIncoming({ repository, pack: source }, objects =>
    landCommits({ repository, objects, updates: wanted, ...(check ? { check } : {}) }),
  );
}

function isThere(folder: string, oid: string): boolean {
  try {
    git(folder, ['cat-file', '-e', oid]);
    return true;
  } catch {
    return false;
  }
}

/** The wiki is in order for its own doctor and for native git; returns what `git rev-list` of its export has. */
export async function expectSound(repository: LedgerRepository): Promise<string[]> {
  const { findings } = await examine(repository);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const bare = temporaryFolder();
  await exportTo(repository, bare);
  at(bare, 'fsck', '--full', '--strict');
  return at(bare, 'rev-list', '--all').split('\n').filter(Boolean);
}
