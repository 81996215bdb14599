import { promisify } from 'node:util';
import { crc32, createDeflateRaw, deflateRaw, deflateRawSync } from 'node:zlib';
import { through } from '../../git/large/blob-pack.ts';
import { ahead } from '../ahead.ts';
import { type Content, contentOf, READ_AHEAD } from '../content.ts';
import type { ExportedVersion } from '../exported-version.ts';
import type { WalkedFile } from '../walk-files.ts';
import type { ZipDirectory } from './zip-directory.ts';
import { centralRecord, descriptor, dosTime, endRecords, localHeader, type ZipEntry } from './zip-format.ts';

export interface ZipOptions {
  version: ExportedVersion;
  /** Of a page: it and all below it. Default: everything. */
  prefix?: string | undefined;
  directory: ZipDirectory;
  /** What was written before, of which `directory` has the records. */
  from?: { path: string; offset: number } | undefined;
  /** Told of links and submodules, which are left out. */
  left?: (file: WalkedFile) => void;
  /** Called when all of a file was taken. */
  onFile?: (file: WalkedFile) => void;
}

const deflated = promisify<Buffer, { level: number }, Buffer>(deflateRaw);
const LEVEL = 6;
/** Deflated at once, in a third of a millisecond at most: to hand these to another thread takes as long. */
const SHORT_BYTES = 16 << 10;

/**
 * The files of a version as a ZIP archive, as they lie in the wiki, in the order of their paths; each has the date of the commit. Of one
 * commit it is always the same, byte for byte. Memory is bounded, whatever the size of a file and the number of files.
 */
export async function* zipStream(options: ZipOptions): AsyncGenerator<Uint8Array> {
  const { version, prefix, directory, from, left, onFile } = options;
  const time = dosTime(version.commit?.committer.seconds ?? 0);
  let offset = from?.offset ?? 0;
  const files = version.files({ prefix, after: from?.path }, left);
  for await (const packed of ahead(files, READ_AHEAD, file => pack(file, version))) {
    const entry: ZipEntry = { path: packed.file.path, offset, time, ...packed.facts };
    for await (const chunk of entryChunks(entry, packed)) {
      offset += chunk.length;
      yield chunk;
    }
    directory.add(centralRecord(entry));
    onFile?.(packed.file);
  }
  yield* directory.chunks();
  yield endRecords({ start: offset, bytes: directory.bytes, count: directory.count });
}

interface Packed {
  file: WalkedFile;
  facts: Pick<ZipEntry, 'method' | 'sizesBehind' | 'crc' | 'packed' | 'size'>;
  body: Buffer | AsyncIterable<Uint8Array>;
}

async function pack(file: WalkedFile, version: ExportedVersion): Promise<Packed> {
  const content = await contentOf(version, file);
  if (content.kind === 'stream') return packStream(file, content);
  const { bytes } = content;
  const smaller = bytes.length > SHORT_BYTES ? await deflated(bytes, { level: LEVEL }) : deflatedShort(bytes);
  const body = smaller.length < bytes.length ? smaller : bytes;
  const method = body === bytes ? 0 : 8;
  const sizes = { packed: body.length, size: bytes.length };
  return { file, facts: { method, sizesBehind: false, crc: crc32(bytes), ...sizes }, body };
}

function deflatedShort(bytes: Buffer): Buffer {
  // The room for what comes out is kept alive by it.
  return deflateRawSync(bytes, { level: LEVEL, chunkSize: Math.max(64, bytes.length) });
}

function packStream(file: WalkedFile, { size, chunks }: Extract<Content, { kind: 'stream' }>): Packed {
  return { file, facts: { method: 8, sizesBehind: true, crc: 0, packed: 0, size }, body: chunks };
}

/** Fills in what is known of a stream once it was taken. */
async function* entryChunks(entry: ZipEntry, { body }: Packed): AsyncGenerator<Uint8Array> {
  yield localHeader(entry);
  if (Buffer.isBuffer(body)) {
    yield body;
    return;
  }
  async function* seen(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      entry.crc = crc32(chunk, entry.crc);
      yield chunk;
    }
  }
  for await (const chunk of through(seen(body), createDeflateRaw({ level: LEVEL }))) {
    entry.packed += chunk.length;
    yield chunk;
  }
  yield descriptor(entry);
}
