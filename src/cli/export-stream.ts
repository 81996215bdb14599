import { open, rename, rm, stat } from 'node:fs/promises';
import { isKittiwakeError } from '../core/errors.ts';
import { exportExists } from '../export/errors.ts';
import { targetFailed } from './errors.ts';

/**
 * Writes a stream to the standard output (`-`), or into a file that gets its name when it is whole. Returns how many bytes it has.
 * @throws KittiwakeError `export_exists`, `target_failed`; what the stream throws, or `signal` is aborted with
 */
export async function writeStream(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  if (path === '-') return await takeAll(chunks, toStandardOutput, signal);
  if ((await stat(path).catch(() => undefined)) !== undefined) throw exportExists(path);
  const partial = `${path}.partial`;
  try {
    const handle = await open(partial, 'w');
    try {
      const bytes = await takeAll(chunks, chunk => handle.writeFile(chunk), signal);
      await handle.sync();
      await rename(partial, path);
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(partial, { force: true });
    if (isKittiwakeError(error) || error === signal.reason) throw error;
    throw targetFailed(path, error);
  }
}

async function takeAll(
  chunks: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    await write(chunk);
    bytes += chunk.length;
  }
  return bytes;
}

function toStandardOutput(chunk: Uint8Array): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(chunk, error => (error ? failed(targetFailed('-', error)) : done()));
  });
}
