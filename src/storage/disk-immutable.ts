import { closeSync, existsSync, fstatSync, openSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { resolveRange } from './byte-range.ts';
import type { Body, GetOptions, GetOutcome, PutOutcome, Version } from './byte-store.ts';
import { type DiskFiles, readFully } from './disk-files.ts';
import { type FileIdentity, formatImmutableVersion } from './disk-version.ts';
import { hasErrno, storageKeyClash } from './errors.ts';

/** From this size on, other work of the process goes on while a body is written. */
const largeBytes = 1024 * 1024;

/** Writes the file `path` complete and durable, or not at all. The same bytes may be there already. */
export function putImmutable(
  files: DiskFiles,
  key: string,
  path: string,
  body: Body,
): PutOutcome | Promise<PutOutcome> {
  files.step('check');
  const size = body.reduce((sum, part) => sum + part.length, 0);
  refuseOther(key, path, size);
  files.settle(dirname(path));
  const temporary = files.temporaryPath();
  if (size >= largeBytes) return putLarge(files, temporary, path, body);
  try {
    return nameFile(files, temporary, path, files.writeFile(temporary, body));
  } catch (error) {
    files.discardFile(temporary);
    throw error;
  }
}

async function putLarge(files: DiskFiles, temporary: string, path: string, body: Body): Promise<PutOutcome> {
  try {
    return nameFile(files, temporary, path, await files.writeFileAside(temporary, body));
  } catch (error) {
    files.discardFile(temporary);
    throw error;
  }
}

/** Two objects under one name cannot both be right. */
export function refuseOther(key: string, path: string, size: number): void {
  const held = statSync(path, { throwIfNoEntry: false });
  if (held?.isDirectory()) throw storageKeyClash(key, path, 'a folder of other objects', 'immutable object');
  if (held !== undefined && held.size !== size) {
    throw storageKeyClash(key, path, `an object of ${held.size} bytes`, `immutable object of ${size} bytes`);
  }
}

/** Gives a complete file its name, durably. */
export function nameFile(
  files: DiskFiles,
  temporary: string,
  path: string,
  identity: FileIdentity,
): PutOutcome {
  try {
    files.step('rename');
    renameSync(temporary, path);
    files.step('sync folder');
    files.syncFolder(dirname(path));
    return { kind: 'stored', version: formatImmutableVersion(identity) };
  } catch (error) {
    if (existsSync(temporary)) throw error;
    return { kind: 'unknown', cause: new Error(`Syncing the folder of "${path}" failed`, { cause: error }) };
  }
}

/** Reads the file `path`. */
export function getImmutable(path: string, options: GetOptions): GetOutcome {
  try {
    return readObject(path, options, formatImmutableVersion);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return { kind: 'absent' };
    throw error;
  }
}

/** Reads one file that holds an object; `toVersion` makes its version. Throws what `node:fs` throws. */
export function readObject(
  path: string,
  options: GetOptions,
  toVersion: (file: FileIdentity) => Version,
): GetOutcome {
  const fd = openSync(path, 'r');
  try {
    const { size: bigSize, ino, mtimeNs } = fstatSync(fd, { bigint: true });
    const version = toVersion({ ino, mtimeNs });
    if (version === options.ifNoneMatch) return { kind: 'unchanged' };
    const size = Number(bigSize);
    const { start, end } = resolveRange(options.range, size);
    return { kind: 'found', bytes: readFully(fd, start, end), version, size };
  } finally {
    closeSync(fd);
  }
}

/** False when there is no such file. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return false;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw error;
  }
}
