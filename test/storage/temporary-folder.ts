import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder, removed when the running test is over. */
export function temporaryFolder(): string {
  return removedAfterwards(mkdtempSync(join(tmpdir(), 'kittiwake-storage-')));
}

/** The same, in memory where the system has a place for that: for races of thousands of puts. */
export function fastFolder(): string {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return removedAfterwards(mkdtempSync(join(parent, 'kittiwake-storage-')));
}

function removedAfterwards(folder: string): string {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
