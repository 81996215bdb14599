import { type BigIntStats, existsSync, linkSync, mkdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Body, PutOutcome, Version } from './byte-store.ts';
import { type DiskFiles, readFolder } from './disk-files.ts';
import {
  formatMutableVersion,
  isSameFile,
  type MutableVersion,
  parseMutableVersion,
} from './disk-version.ts';
import { hasErrno, isRefusal } from './errors.ts';

/*
 * A mutable object is the folder `<key>~`. In it is one folder, named by the incarnation, and in that are the newest
 * versions, named by their numbers: `ledger/w~/<incarnation>/41`, `…/42`. The highest number is the current version.
 *
 * Swap: write and sync a temporary file, link it as number seq + 1, sync the folder. `link` never replaces, so of all
 * writers that rest on one version one gets the number. What remains is a writer that was paused before its link while
 * others went on and tidied up: it finds its number free again. Its link therefore counts only if the version it
 * rests on *is still there afterwards*. That proves it: winners remove versions from the lowest up, so while seq is
 * there, seq + 1 was never removed and was free because nobody had had it. "No higher number" follows from it, except
 * when others have already built on the new version, which is a success as well.
 *
 * Creation: the folder is made complete under a temporary name and renamed to `<key>~`. A rename to a folder that
 * is not empty fails, so it cannot come late. Deletion: the folder is renamed away, all versions at once. A writer
 * that rests on a deleted incarnation has no path to link to any more, even if the key was created again.
 */

/**
 * How many versions stay. One would be correct for writers; but a reader that has listed the folder opens a file by
 * name a moment later, a listing may miss a name that is linked while it lists and show one that is gone by then, and
 * a writer proves its win by the version below its own. With four, each of these is right, or sees that it is not,
 * unless four swaps happen within a few microseconds of it, and then it tries again.
 */
const versionsKept = 4;

/** Every so many swaps the folder is listed for what killed writers left below. */
const listedEvery = 64;

const readAttempts = 1000;

/** A version, and the path of the file that held it when it was looked for. */
interface CurrentFile {
  incarnation: string;
  seq: number;
  path: string;
}

/**
 * Calls `use` with the file of the current version, again when that was tidied away in between.
 * @returns undefined when the object is absent
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
    return finish(files, dirname(folder), { incarnation, seq: 1, ino, mtimeNs });
  } catch (error) {
    return sweptOrThrown(error, temporary);
  } finally {
    files.discardFolder(temporary);
  }
}

/** Puts `body` in place of the version `expected`, if that still is the current one. */
export function swapMutable(files: DiskFiles, folder: string, expected: Version, body: Body): PutOutcome {
  const base = parseMutableVersion(expected);
  if (base === undefined) return conflictAt(folder);
  const versions = `${folder}/${base.incarnation}`;
  const basePath = `${versions}/${base.seq}`;
  const path = `${versions}/${base.seq + 1}`;
  files.step('check');
  if (!isSameFile(statBig(basePath), base) || existsSync(path)) return conflictAt(folder);
  const temporary = files.temporaryPath();
  try {
    const { ino, mtimeNs } = files.writeFile(temporary, body);
    files.step('link');
    const lost = linkNew(temporary, path, folder);
    if (lost !== undefined) return lost;
    const written = { incarnation: base.incarnation, seq: base.seq + 1, ino, mtimeNs };
    return confirm(files, versions, base, written);
  } catch (error) {
    return sweptOrThrown(error, temporary);
  } finally {
    files.discardFile(temporary);
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

/** After the link: nothing may be thrown any more, because the version may already be what others build on. */
function confirm(
  files: DiskFiles,
  folder: string,
  base: MutableVersion,
  written: MutableVersion,
): PutOutcome {
  try {
    files.step('verify');
    if (!isSameFile(statBig(`${folder}/${base.seq}`), base)) {
      if (cameTooLate(folder, written)) return retreat(files, folder, written);
      return unknown(`Confirming a version in "${folder}" failed: others went on before it was confirmed`);
    }
    const outcome = finish(files, folder, written);
    if (outcome.kind === 'stored') tidy(files, folder, written.seq);
    return outcome;
  } catch (error) {
    return unknown(`Confirming a version in "${folder}" failed`, error);
  }
}

/**
 * Whether `written` filled a gap below the current version. If the higher numbers had been built on this one, the
 * next number would be there for as long as this one is, which is why this one is looked for last.
 */
function cameTooLate(folder: string, written: MutableVersion): boolean {
  if ((highest(readFolder(folder)) ?? 0) <= written.seq) return false;
  if (existsSync(join(folder, String(written.seq + 1)))) return false;
  return isSameFile(statBig(join(folder, String(written.seq))), written);
}

function retreat(files: DiskFiles, folder: string, written: MutableVersion): PutOutcome {
  files.step('retreat');
  unlinkSync(join(folder, String(written.seq)));
  return { kind: 'conflict', reason: 'changed' };
}

function finish(files: DiskFiles, folder: string, written: MutableVersion): PutOutcome {
  try {
    files.step('sync folder');
    files.syncFolder(folder);
    return { kind: 'stored', version: formatMutableVersion(written) };
  } catch (error) {
    return unknown(`Syncing the folder "${folder}" failed`, error);
  }
}

/** A writer that was paused for long may find its temporary file swept. Nothing was written; it may try again. */
function sweptOrThrown(error: unknown, temporary: string): PutOutcome {
  if (!hasErrno(error, 'ENOENT') || existsSync(temporary)) throw error;
  return { kind: 'conflict', reason: 'concurrent' };
}

/** A refused call changed nothing; after any other error, an I/O error for instance, the name may be there. */
function thrownOrUnknown(error: unknown, path: string): PutOutcome {
  if (isRefusal(error)) throw error;
  return unknown(`Naming "${path}" failed`, error);
}

function unknown(message: string, cause?: unknown): PutOutcome {
  return { kind: 'unknown', cause: new Error(message, { cause }) };
}

/** From the lowest up, and no further than the first that cannot be removed: the proof of a win rests on it. */
function tidy(files: DiskFiles, folder: string, current: number): void {
  for (const seq of outdated(folder, current - versionsKept)) {
    try {
      files.step('tidy');
      unlinkSync(`${folder}/${seq}`);
    } catch (error) {
      if (!hasErrno(error, 'ENOENT')) return;
    }
  }
}

/** The numbers up to `last`, rising. As a rule it is `last` alone; the folder is listed to see what others left. */
function outdated(folder: string, last: number): number[] {
  if (last < 1) return [];
  if (last % listedEvery !== 0 && !existsSync(`${folder}/${last - 1}`)) return [last];
  const seqs = (readFolder(folder) ?? []).map(Number).filter(seq => seq <= last);
  return seqs.sort((a, b) => a - b);
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

function linkNew(temporary: string, path: string, folder: string): PutOutcome | undefined {
  try {
    linkSync(temporary, path);
    return undefined;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return { kind: 'conflict', reason: 'changed' };
    if (!hasErrno(error, 'ENOENT')) return thrownOrUnknown(error, path);
    if (!existsSync(temporary)) throw error;
    return conflictAt(folder);
  }
}

function conflictAt(folder: string): PutOutcome {
  return { kind: 'conflict', reason: existsSync(folder) ? 'changed' : 'gone' };
}

function highest(names: readonly string[] | undefined): number | undefined {
  const seqs = (names ?? []).map(Number).filter(seq => seq > 0);
  return seqs.length === 0 ? undefined : Math.max(...seqs);
}

function statBig(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
