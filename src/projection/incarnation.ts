import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Runtime, randomId } from '../core/runtime.ts';

/**
 * A database file that may be deleted or replaced while processes have it open. SQLite finds its write-ahead log and the
 * memory that connections share by the name of the database, so a new file of an old name would get into those of the
 * old one. Therefore each file has a name that never comes back, `<file>-<id>`, and `<file>` is a symbolic link to the
 * present one. Whoever still has another one open works on for nobody, and sees the link when he comes back.
 */

const ID_LENGTH = 12;
const SUFFIXES = ['', '-wal', '-shm', '-journal'];

/** The present database of `file`, made when there is none. */
export function presentIncarnation(file: string, runtime: Runtime): string {
  for (;;) {
    const found = find(file, runtime) ?? create(file, runtime);
    if (found !== undefined) return found;
  }
}

/** Takes a database away, so that the next one to ask gets a new one. */
export function discardIncarnation(file: string, real: string): void {
  if (readTarget(file) === basename(real)) rmSync(file, { force: true });
  removeFiles(real);
}

/** Puts the database in the closed file `ready` in the place of the present one. */
export function installIncarnation(file: string, ready: string, runtime: Runtime): void {
  const real = `${file}-${newId(runtime)}`;
  const link = `${file}.link-${newId(runtime)}`;
  renameSync(ready, real);
  symlinkSync(basename(real), link);
  renameSync(link, file);
  removeOthers(file, real);
}

/** Undefined when there is none; what stands in its place is then gone, or renamed when it is not ours. */
function find(file: string, runtime: Runtime): string | undefined {
  const target = readTarget(file);
  if (target === undefined) return undefined;
  if (target === '' || !isIncarnation(file, target)) {
    setAside(file, `${file}.aside-${newId(runtime)}`);
    return undefined;
  }
  const real = join(dirname(file), target);
  if (existsSync(real)) return real;
  discardIncarnation(file, real);
  return undefined;
}

/** A database of something else keeps its journals, which may hold most of it. */
function setAside(file: string, aside: string): void {
  renameSync(file, aside);
  for (const suffix of ['-wal', '-journal']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
}

/** Undefined when somebody else was faster. */
function create(file: string, runtime: Runtime): string | undefined {
  const real = `${file}-${newId(runtime)}`;
  mkdirSync(dirname(file), { recursive: true });
  // The file first: a link to nothing means that it was deleted.
  writeFileSync(real, '', { flag: 'wx' });
  try {
    symlinkSync(basename(real), file);
  } catch (error) {
    rmSync(real, { force: true });
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
  removeOthers(file, real);
  return real;
}

/** Files of earlier links that someone else deleted. */
function removeOthers(file: string, real: string): void {
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    if (isIncarnation(file, name) && name !== basename(real)) removeFiles(join(folder, name));
  }
}

function removeFiles(real: string): void {
  for (const suffix of SUFFIXES) rmSync(real + suffix, { force: true });
}

function isIncarnation(file: string, name: string): boolean {
  const prefix = `${basename(file)}-`;
  return name.startsWith(prefix) && /^[0-9a-f]+$/.test(name.slice(prefix.length));
}

/** What the link points to; `''` when it is no link; undefined when there is nothing. */
function readTarget(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (hasCode(error, 'EINVAL')) return '';
    throw error;
  }
}

function newId(runtime: Runtime): string {
  return randomId(runtime).slice(0, ID_LENGTH);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
