import { type BigIntStats, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Body, PutOutcome } from './byte-store.ts';
import { type DiskFiles, readFolder } from './disk-files.ts';
import { makeDurable, sweptOrThrown, thrownOrUnknown } from './disk-outcomes.ts';
import { isSameFile, type MutableVersion } from './disk-version.ts';
import { hasErrno } from './errors.ts';

/*
 * A mutable object is the folder `<key>~`. In it is one folder, named by the incarnation, and in that are the newest
 * versions, named by their numbers: `ledger/w~/<incarnation>/41`, `…/42`. The highest number is the current version.
 *
 * Swap (`disk-swap.ts`): write and sync a temporary file, link it as number seq + 1, sync the folder. `link` never
 * replaces, so of all writers that rest on one version one gets the number. What remains is a writer that was paused
 * before its link while others went on and tidied up: it finds its number free again. Its link therefore counts only
 * if the version it rests on *is still there afterwards*. That proves it: winners remove versions from the lowest up,
 * so while seq is there, seq + 1 was never removed and was free because nobody had had it. "No higher number" follows
 * from it, except when others have already built on the new version, which is a success as well.
 *
 * Creation: the folder is made complete under a temporary name and renamed to `<key>~`. A rename to a folder that
 * is not empty fails, so it cannot come late. Deletion: the folder is renamed away, all versions at once. A writer
 * that rests on a deleted incarnation has no path to link to any more, even if the key was created again.
 */

const readAttempts = 1000;

/** A version, and the path of the file that held it when it was looked for. */
interface CurrentFile {
  incarnation: string;
  seq: number;
  path: string;
}

/**
 * Calls `use` with the file of the current version, again when that was tidied away in between.
 */
export function withCurrent<T>(
  folder: string,
  use: (file: CurrentFile) => T,
): { value: T } | 'absent' | 'damaged' {
  for (let attempt = 0; attempt < readAttempts; attempt += 1) {
    const names = readFolder(folder);
    if (names === undefined) return 'absent';
    const incarnation = names.find(name => /^[0-9a-f]{32}$/.test(name));
    if (incarnation === undefined) return 'damaged';
    const seq = highest(readFolder(join(folder, incarnation)));
    if (seq === undefined) continue;
    try {
      return { value: use({ incarnation, seq, path: join(folder, incarnation, String(seq)) }) };
    } catch (error) {
      if (!hasErrno(error, 'ENOENT')) throw error;
    }
  }
  return 'damaged';
}

/** True when `version` is the current one; costs one listing of a few names and one stat. */
export function isCurrent(folder: string, version: MutableVersion): boolean {
  const path = join(folder, version.incarnation);
  if (highest(readFolder(path)) !== version.seq) return false;
  return isSameFile(statBig(join(path, String(version.seq))), version);
}

/** Writes the first version, unless the object exists. */
export function createMutable(files: DiskFiles, folder: string, body: Body): PutOutcome {
  files.step('check');
  if (existsSync(folder)) return { kind: 'conflict', reason: 'exists' };
  files.settle(dirname(folder));
  const incarnation = files.randomId();
  const temporary = files.temporaryPath();
  try {
    const { ino, mtimeNs } = buildFolder(files, temporary, incarnation, body);
    files.step('rename');
    const lost = renameNew(temporary, folder);
    if (lost !== undefined) return lost;
    return makeDurable(files, dirname(folder), { incarnation, seq: 1, ino, mtimeNs });
  } catch (error) {
    return sweptOrThrown(error, temporary);
  } finally {
    files.discardFolder(temporary);
  }
}

/**
 * Takes the object away with all its versions at once. Returns where they are now, for the caller to discard once
 * the folder above is synced; undefined when the object is absent.
 */
export function removeMutable(files: DiskFiles, folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const temporary = files.temporaryPath();
  try {
    renameSync(folder, temporary);
    return temporary;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function buildFolder(files: DiskFiles, temporary: string, incarnation: string, body: Body): BigIntStats {
  const versions = join(temporary, incarnation);
  files.step('make folder');
  mkdirSync(temporary);
  mkdirSync(versions);
  const stats = files.writeFile(join(versions, '1'), body);
  files.step('sync new folders');
  files.syncFolder(versions);
  files.syncFolder(temporary);
  return stats;
}

function renameNew(temporary: string, folder: string): PutOutcome | undefined {
  try {
    renameSync(temporary, folder);
    return undefined;
  } catch (error) {
    if (hasErrno(error, 'ENOTEMPTY', 'EEXIST')) return { kind: 'conflict', reason: 'exists' };
    if (hasErrno(error, 'ENOENT')) throw error;
    return thrownOrUnknown(error, folder);
  }
}

/** The highest number among the names of a folder. */
export function highest(names: readonly string[] | undefined): number | undefined {
  const seqs = (names ?? []).map(Number).filter(seq => seq > 0);
  return seqs.length === 0 ? undefined : Math.max(...seqs);
}

/** The state of a file to compare by; undefined when it is absent. */
export function statBig(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
