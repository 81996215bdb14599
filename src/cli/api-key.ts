import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../core/runtime.ts';
import { keyProblem } from '../core/setting-value.ts';
import { keyFileFailed, keyFileInvalid } from './errors.ts';

export interface KeptKey {
  key: string;
  file: string;
  /** True when it was made by this call. */
  made: boolean;
  /** True when others than its owner may read the file. */
  exposed: boolean;
}

/**
 * The API key of a server that was given none: made on the first start and kept in `api-key` in the data folder, which
 * only its owner may read. Who can read that folder can read the whole wiki, so that keeping a hash instead would
 * protect nothing but the way back to the key.
 * @throws KittiwakeError `key_file_failed`, `key_file_invalid`
 */
export function keepKey(folder: string, runtime: Pick<Runtime, 'randomBytes'>): KeptKey {
  const file = join(folder, 'api-key');
  const made = writeKey(file, folder, `kw_${runtime.randomBytes(24).toString('base64url')}`);
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (keyProblem(key)) throw keyFileInvalid(file);
    const exposed = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
    return { key, file, made, exposed };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw keyFileFailed(file, 'read', error);
  }
}

/** False when the file is there already. */
function writeKey(file: string, folder: string, key: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, `${key}\n`);
    fsyncSync(handle);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw keyFileFailed(file, 'write', error);
  }
}
