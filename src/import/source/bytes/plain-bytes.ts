import { readRanges } from '../../../git/large/byte-ranges.ts';
import type { SourceFile } from '../../source.ts';
import { decodeToUtf8 } from './decode.ts';
import { gunzip } from './gunzip.ts';
import type { PlainChunk } from './plain-chunk.ts';
import type { UnpackBounds } from './unpack-bounds.ts';

/** The text of a source: unpacked, in UTF-8, from any byte of it. */
export interface PlainBytes {
  /** Shown in errors. */
  readonly name: string;
  /** True: a byte of it is a byte of the file, so reading begins anywhere at once. Else it begins at the start and passes over. */
  readonly isDirect: boolean;
  /** Bytes of the file. */
  readonly fileBytes: number;
  /** Bytes of a mark of order at the beginning, which is no text: 0 to 3. */
  readonly bomBytes: number;
  /** What it says of encoding, for errors. */
  readonly encoding: string;
  read(from: number, signal?: AbortSignal): AsyncIterable<PlainChunk>;
}

export interface PlainOptions extends UnpackBounds {
  isGzip: boolean;
  /** A label that TextDecoder knows. Default: `utf-8`. */
  encoding: string;
  bomBytes: number;
}

export function plainBytes(file: SourceFile, options: PlainOptions): PlainBytes {
  const { isGzip, encoding } = options;
  const isUtf8 = encoding === 'utf-8';
  const isDirect = isUtf8 && !isGzip;
  const whole = () => {
    const unpacked = isGzip ? gunzip(file, options) : readFrom(file, 0);
    return isUtf8 ? unpacked : decodeToUtf8(unpacked, { source: file.name, encoding });
  };
  return {
    name: file.name,
    isDirect,
    fileBytes: file.size,
    // Decoding takes it away.
    bomBytes: isUtf8 ? options.bomBytes : 0,
    encoding,
    read: (from, signal) => abortable(isDirect ? readFrom(file, from) : passOver(whole(), from), signal),
  };
}

async function* readFrom(file: SourceFile, from: number): AsyncGenerator<PlainChunk> {
  let bytesRead = from;
  for await (const bytes of readRanges((start, end) => file.read(start, end), from, file.size)) {
    bytesRead += bytes.length;
    yield { bytes, bytesRead };
  }
}

async function* passOver(chunks: AsyncIterable<PlainChunk>, count: number): AsyncGenerator<PlainChunk> {
  let left = count;
  for await (const chunk of chunks) {
    if (left >= chunk.bytes.length) left -= chunk.bytes.length;
    else {
      yield left === 0 ? chunk : { ...chunk, bytes: chunk.bytes.subarray(left) };
      left = 0;
    }
  }
}

async function* abortable(
  chunks: AsyncIterable<PlainChunk>,
  signal: AbortSignal | undefined,
): AsyncGenerator<PlainChunk> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
