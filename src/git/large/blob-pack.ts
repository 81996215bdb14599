import { createHash } from 'node:crypto';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflate, deflateSync } from 'node:zlib';
import { uploadDiffers } from '../errors.ts';
import type { Oid } from '../object/objects.ts';
import { encodeEntryHeader, PACK_HEADER_BYTES, TRAILER_BYTES } from '../pack/pack-entry.ts';
import { encodeIndex } from '../pack/pack-index.ts';

const CHUNK_BYTES = 128 << 10;
/** As much of a content is deflated to see whether deflating it is worth anything. */
const SAMPLE_BYTES = 64 << 10;
const WORTH_RATIO = 0.95;

/** A pack of one blob that is made while it is stored. Memory: some chunks, whatever the size. */
export interface BlobPack {
  /** The pack, to be taken once. */
  chunks: AsyncIterable<Uint8Array>;
  /** What it became, once all chunks were taken. */
  made(): MadeBlobPack;
}

export interface MadeBlobPack {
  oid: Oid;
  /** Of the pack. */
  bytes: number;
  /** Of the blob's entry, its header included. */
  entryBytes: number;
  index: Buffer;
}

/** Where the only entry of such a pack begins. */
export const ENTRY_OFFSET = PACK_HEADER_BYTES;

/**
 * Packs a blob of known size (gitformat-pack(5)).
 * @throws KittiwakeError `upload_differs`, while the chunks are taken, when the content has another size
 */
export function packBlob(size: number, content: AsyncIterable<Uint8Array>): BlobPack {
  let made: MadeBlobPack | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const id = createHash('sha1').update(`blob ${size}\0`);
    const sha = createHash('sha1');
    const entryHeader = encodeEntryHeader('blob', size);
    const front = Buffer.concat([packHeader(), entryHeader]);
    sha.update(front);
    yield front;
    let crc = crc32(entryHeader);
    let entryBytes = entryHeader.length;
    for await (const chunk of deflated(exactly(size, content, part => id.update(part)))) {
      crc = crc32(chunk, crc);
      entryBytes += chunk.length;
      sha.update(chunk);
      yield chunk;
    }
    const trailer = sha.digest();
    const oid = id.digest('hex');
    const entry = { oid, offset: ENTRY_OFFSET, length: entryBytes, crc, type: 'blob' } as const;
    const bytes = ENTRY_OFFSET + entryBytes + TRAILER_BYTES;
    made = { oid, bytes, entryBytes, index: encodeIndex([entry], trailer) };
    yield trailer;
  }
  return {
    chunks: chunks(),
    made() {
      if (!made) throw new RangeError('The pack was not taken to its end');
      return made;
    },
  };
}

function packHeader(): Buffer {
  const header = Buffer.alloc(PACK_HEADER_BYTES);
  header.write('PACK', 0, 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(1, 8);
  return header;
}

/** The content, shown to `see` part by part; throws as soon as it is too long, and when it ends too early. */
async function* exactly(
  size: number,
  content: AsyncIterable<Uint8Array>,
  see: (part: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const part of content) {
    length += part.length;
    if (length > size) throw uploadDiffers(`more than the ${size} bytes that were announced`);
    see(part);
    yield part;
  }
  if (length < size) throw uploadDiffers(`${length} bytes, ${size} were announced`);
}

/** A zlib stream of the content: of stored blocks when its beginning does not shrink, as pictures and archives do not. */
async function* deflated(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const parts = content[Symbol.asyncIterator]();
  const first = await parts.next();
  const level = first.done || !shrinks(first.value) ? 0 : 1;
  async function* all(): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => parts };
  }
  yield* through(all(), createDeflate({ level, chunkSize: CHUNK_BYTES }));
}

function shrinks(part: Uint8Array): boolean {
  const sample = part.subarray(0, SAMPLE_BYTES);
  return deflateSync(sample, { level: 1 }).length < sample.length * WORTH_RATIO;
}

/** What `transform` makes of a stream. What the stream throws comes out unchanged. */
export async function* through(
  source: AsyncIterable<Uint8Array>,
  transform: Transform,
): AsyncGenerator<Buffer> {
  const feeding = pipeline(source, transform);
  feeding.catch(() => undefined);
  for await (const chunk of transform) yield chunk as Buffer;
  await feeding;
}
