import { spawnSync } from 'node:child_process';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder on a file system of 1 MiB of its own. Skips the test where that cannot be mounted. */
export function smallFileSystem(context: TestContext): string {
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { encoding: 'utf8' });
  const reason = mounted.error?.message ?? mounted.stderr.trim();
  if (mounted.status !== 0) context.skip(`mounting a small file system needs root and tmpfs: ${reason}`);
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

/** Forbids or allows writing to it. */
export function remount(folder: string, mode: 'ro' | 'rw'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
