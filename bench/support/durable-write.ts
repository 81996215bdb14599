import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a durable write of a file costs at least: temporary file, fsync, rename, fsync of the folder. */
export function durableWrite(folder: string, name: string, bytes: Uint8Array): void {
  const temporary = join(folder, `${name}.tmp`);
  const file = openSync(temporary, 'w');
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(folder, name));
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
