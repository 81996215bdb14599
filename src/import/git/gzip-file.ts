import { createReadStream } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sourceCorrupt, sourceTooLarge } from '../errors.ts';

/** What stays free on the disk of what is unpacked. */
const SPARE_BYTES = 64 << 20;

/** Whether a file begins as RFC 1952 has it. */
export async function isGzip(path: string): Promise<boolean> {
  const first = await firstBytes(path, 3);
  return first.length === 3 && first[0] === 0x1f && first[1] === 0x8b && first[2] === 8;
}

/** The first bytes of a file, those of its content where it is gzipped; fewer when it ends, or is broken. */
export async function firstContent(path: string, count: number): Promise<Buffer> {
  if (!(await isGzip(path))) return await firstBytes(path, count);
  const gunzip = createGunzip();
  const stream = createReadStream(path);
  const feeding = pipeline(stream, gunzip);
  feeding.catch(() => {});
  let found = Buffer.alloc(0);
  try {
    for await (const chunk of gunzip) {
      found = Buffer.concat([found, chunk as Buffer]);
      if (found.length >= count) break;
    }
  } catch {
    return found.subarray(0, count);
  } finally {
    stream.destroy();
  }
  return found.subarray(0, count);
}

/**
 * Unpacks a gzipped file into a new one, in constant memory.
 * @throws KittiwakeError `source_corrupt`; `source_too_large` when the disk has no room for it; what `signal` is aborted with
 */
export async function unpackGzip(path: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(to));
  const maxBytes = Math.max(0, bavail * bsize - SPARE_BYTES);
  const handle = await open(to, 'wx');
  try {
    const gunzip = createGunzip({ chunkSize: 256 << 10 });
    const feeding = pipeline(createReadStream(path), gunzip, signal === undefined ? {} : { signal });
    feeding.catch(() => {});
    let bytes = 0;
    for await (const chunk of gunzip) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw sourceTooLarge(path, bytes, maxBytes);
      await handle.writeFile(chunk as Buffer);
    }
    await feeding;
  } catch (error) {
    signal?.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_')
      ? sourceCorrupt(path, `it does not unpack: ${(error as Error).message}`, error)
      : error;
  } finally {
    await handle.close();
  }
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
