import { closeSync, fstatSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuseAborted } from './aborted.ts';
import type { CallOptions } from './byte-store.ts';
import { syncAside, writeBodyAside } from './disk-body.ts';
import type { DiskFiles } from './disk-files.ts';
import { nameFile, refuseOther } from './disk-immutable.ts';
import { storageFailure } from './errors.ts';

/** Writes the file `path` chunk by chunk; it has its name when it is complete and durable. The number of its bytes. */
export async function uploadImmutable(
  files: DiskFiles,
  key: string,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<number> {
  const file = guard(key, path, () => openTemporary(files, path));
  try {
    const size = await writeChunks(file, key, chunks, options);
    guard(key, path, () => {
      const identity = fstatSync(file.fd, { bigint: true });
      refuseOther(key, path, size);
      const outcome = nameFile(files, file.path, path, identity);
      if (outcome.kind === 'unknown') throw outcome.cause;
    });
    return size;
  } catch (error) {
    files.discardFile(file.path);
    throw error;
  } finally {
    closeSync(file.fd);
  }
}

interface OpenFile {
  fd: number;
  path: string;
}

function openTemporary(files: DiskFiles, path: string): OpenFile {
  files.settle(dirname(path));
  const temporary = files.temporaryPath();
  return { path: temporary, fd: openSync(temporary, 'wx', 0o666) };
}

async function writeChunks(
  { fd, path }: OpenFile,
  key: string,
  chunks: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<number> {
  const failed = (error: unknown) => {
    throw storageFailure('Uploading', key, path, error);
  };
  let size = 0;
  for await (const chunk of chunks) {
    refuseAborted('Uploading', key, options);
    await writeBodyAside(fd, [chunk]).catch(failed);
    size += chunk.length;
  }
  await syncAside(fd).catch(failed);
  return size;
}

function guard<T>(key: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw storageFailure('Uploading', key, path, error);
  }
}
