import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { openRepository } from '../../../src/git/open.ts';
import { nativeGit } from '../../support/native-git.ts';
import { exportTo } from '../../support/repository.ts';
import { describePage } from './bulk-support.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-bulk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The wiki as a bare repository that `git fsck --strict` has nothing against, and the tree of its head. */
export async function exported(repository: LedgerRepository): Promise<{ folder: string; tree: string }> {
  const folder = temporaryFolder();
  await exportTo(repository, folder);
  nativeGit(folder, 'fsck', '--full', '--strict');
  return { folder, tree: nativeGit(folder, 'rev-parse', 'HEAD^{tree}').trim() };
}

/** The same wiki as another process opens it. */
export function reopened(repository: LedgerRepository): LedgerRepository {
  const { store, uuid, runtime, isPage } = repository;
  return openRepository({ store, uuid, runtime, describe: describePage, isPage, flush: null });
}

/** What doctor finds, but for files of no ledger. */
export async function problems(repository: LedgerRepository): Promise<unknown[]> {
  return (await examine(reopened(repository))).findings.filter(({ severity }) => severity !== 'note');
}

/** The tree that `git fast-import` makes of the same files. */
export function fastImported(files: Iterable<readonly [string, string]>): string {
  const folder = temporaryFolder();
  nativeGit(folder, 'init', '-q', '--bare', '.');
  const parts = ['commit refs/heads/main\ncommitter Ann <ann@example.org> 1700000000 +0000\ndata 0\n'];
  for (const [path, text] of files) {
    parts.push(`M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: parts.join('') });
  return nativeGit(folder, 'rev-parse', 'refs/heads/main^{tree}').trim();
}

export async function textOf(repository: LedgerRepository, path: string): Promise<string | undefined> {
  const view = await repository.view({ maxAgeMs: 0 });
  const file = await view.file(path);
  return file && (await view.blob(file.oid)).toString();
}

/** All files of the head with their contents. */
export async function allTexts(repository: LedgerRepository): Promise<Record<string, string>> {
  const view = await repository.view({ maxAgeMs: 0 });
  const texts: Record<string, string> = {};
  for (const { path, oid } of await view.files('')) texts[path] = (await view.blob(oid)).toString();
  return texts;
}
