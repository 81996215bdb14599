import { existsSync, linkSync, unlinkSync } from 'node:fs';
import type { Body, PutOutcome, Version } from './byte-store.ts';
import { type DiskFiles, readFolder } from './disk-files.ts';
import { highest, statBig } from './disk-mutable.ts';
import { makeDurable, sweptOrThrown, thrownOrUnknown, unknown } from './disk-outcomes.ts';
import { isSameFile, type MutableVersion, parseMutableVersion } from './disk-version.ts';
import { hasErrno } from './errors.ts';

/**
 * How many versions stay. One would be correct for writers; but a reader that has listed the folder opens a file by
 * name a moment later, a listing may miss a name that is linked while it lists and show one that is gone by then, and
 * a writer proves its win by the version below its own. With four, each of these is right, or sees that it is not,
 * unless four swaps happen within a few microseconds of it, and then it tries again.
 */
const versionsKept = 4;

/** Every so many swaps the folder is listed for what killed writers left below. */
const listedEvery = 64;

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
    const outcome = makeDurable(files, folder, written);
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
  if (existsSync(`${folder}/${written.seq + 1}`)) return false;
  return isSameFile(statBig(`${folder}/${written.seq}`), written);
}

function retreat(files: DiskFiles, folder: string, written: MutableVersion): PutOutcome {
  files.step('retreat');
  unlinkSync(`${folder}/${written.seq}`);
  return { kind: 'conflict', reason: 'changed' };
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
