import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import { targetFailed, targetNotEmpty } from './errors.ts';

/** A file to write: its path inside the target, with `/`. */
export interface TargetFile {
  path: string;
  chunks: AsyncIterable<Uint8Array>;
}

export interface TargetOptions {
  /** Folders that are wanted though they may be empty. */
  folders: readonly string[];
  random: Pick<Runtime, 'randomBytes'>;
  progress: { advance(steps: number): void };
  signal: AbortSignal;
}

/**
 * Writes files into a folder that appears when all of them are there: until then they lie in a folder beside it.
 * @throws KittiwakeError `target_not_empty`, `target_failed`
 */
export async function writeTarget(
  target: string,
  files: AsyncIterable<TargetFile>,
  options: TargetOptions,
): Promise<{ count: number; bytes: number }> {
  const full = resolve(target);
  if (!isFree(full, target)) throw targetNotEmpty(target);
  const partial = join(
    dirname(full),
    `.${basename(full)}.partial-${options.random.randomBytes(4).toString('hex')}`,
  );
  try {
    mkdirSync(partial, { recursive: true });
    for (const folder of options.folders) mkdirSync(join(partial, folder), { recursive: true });
    const sum = await writeFiles(partial, files, options);
    renameSync(partial, full);
    return sum;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (error === options.signal.reason || isKittiwakeError(error)) throw error;
    throw targetFailed(target, error);
  }
}

function isFree(full: string, target: string): boolean {
  try {
    const found = lstatSync(full, { throwIfNoEntry: false });
    return found === undefined || (found.isDirectory() && readdirSync(full).length === 0);
  } catch (error) {
    throw targetFailed(target, error);
  }
}

async function writeFiles(
  root: string,
  files: AsyncIterable<TargetFile>,
  { progress, signal }: TargetOptions,
): Promise<{ count: number; bytes: number }> {
  const sum = { count: 0, bytes: 0 };
  for await (const { path, chunks } of files) {
    signal.throwIfAborted();
    const full = join(root, path);
    if (!full.startsWith(root + sep)) throw new Error(`${JSON.stringify(path)} leads out of it`);
    sum.bytes += await writeOne(full, chunks);
    sum.count += 1;
    progress.advance(1);
  }
  return sum;
}

/** Refuses to write over a file: on a file system without case two pages may have one name. */
async function writeOne(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  mkdirSync(dirname(path), { recursive: true });
  const handle = await open(path, 'wx');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
