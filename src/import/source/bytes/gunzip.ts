import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readRanges } from '../../../git/large/byte-ranges.ts';
import { sourceCorrupt } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';
import { sourceUnsafe } from '../errors.ts';
import type { PlainChunk } from './plain-bytes.ts';

/** What a compressed source may become. */
export interface GunzipBounds {
  /** Bytes that come of one byte, above {@link GunzipBounds.ratioFromBytes}. Default 200. */
  maxRatio?: number;
  /** So many bytes may come of anything. Default 100 MB. */
  ratioFromBytes?: number;
  /** Default 50 GiB. */
  maxUnpackedBytes?: number;
}

/**
 * Unpacks gzip (RFC 1952), of several members too, in constant memory.
 * @throws KittiwakeError `source_corrupt` with the byte up to which it could be read, `source_unsafe` for what grows out of bounds
 */
export async function* gunzip(file: SourceFile, bounds: GunzipBounds): AsyncGenerator<PlainChunk> {
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
      checkBounds(file.name, { produced, consumed: unzip.bytesWritten }, bounds);
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

function checkBounds(
  source: string,
  { produced, consumed }: { produced: number; consumed: number },
  bounds: GunzipBounds,
): void {
  const { maxRatio = 200, ratioFromBytes = 100_000_000, maxUnpackedBytes = 50 * 2 ** 30 } = bounds;
  if (produced > maxUnpackedBytes)
    throw sourceUnsafe(source, `unpacked it has more than ${maxUnpackedBytes} bytes, which is the limit`);
  if (produced > ratioFromBytes && produced > consumed * maxRatio)
    throw sourceUnsafe(source, `unpacking makes more than ${maxRatio} bytes of each byte, as no text does`);
}
