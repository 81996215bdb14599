import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readRanges } from '../../../git/large/byte-ranges.ts';
import { sourceCorrupt } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';
import type { PlainChunk } from './plain-chunk.ts';
import { checkUnpacked, type UnpackBounds } from './unpack-bounds.ts';

/**
 * Unpacks gzip (RFC 1952), of several members too, in constant memory.
 * @throws KittiwakeError `source_corrupt` with the byte up to which it could be read, `source_unsafe` for what grows out of bounds
 */
export async function* gunzip(file: SourceFile, bounds: UnpackBounds): AsyncGenerator<PlainChunk> {
  const input = Readable.from(
    readRanges((start, end) => file.read(start, end), 0, file.size),
    {
      objectMode: true,
      highWaterMark: 1,
    },
  );
  const unzip = createGunzip({ chunkSize: 1 << 18 });
  // What reading the file throws is what unpacking throws.
  input.on('error', error => unzip.destroy(error));
  let produced = 0;
  try {
    for await (const bytes of input.pipe(unzip)) {
      produced += bytes.length;
      checkUnpacked(file.name, { produced, consumed: unzip.bytesWritten }, bounds);
      yield { bytes, bytesRead: unzip.bytesWritten };
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    const reason = error.code === 'Z_BUF_ERROR' ? 'it ends too early' : 'it is damaged';
    const where = `${reason} (gzip, read up to byte ${unzip.bytesWritten} of ${file.size})`;
    throw sourceCorrupt(file.name, where, error);
  } finally {
    input.destroy();
    unzip.destroy();
  }
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
