import { deflateSync } from 'node:zlib';
import { adler32, deflateSmall, SMALL_STREAM_BYTES } from './deflate-small.ts';
import type { ObjectType } from './objects.ts';

/** Above this, zlib's better levels take longer than they are worth. */
const LARGE_BYTES = 64 << 10;
/** Up to here a smaller window finds as much, and is set up in half the time. */
const SMALL_BYTES = 4 << 10;
/** Deltas are mostly ids, which do not shrink: below this deflating gains nothing. */
const STORED_BYTES = 100;
const STORED_TREE_BYTES = SMALL_STREAM_BYTES;

/** The zlib stream of content. */
function deflate(bytes: Uint8Array): Buffer {
  if (bytes.length > LARGE_BYTES) return deflateSync(bytes, { level: 1, chunkSize: 256 << 10 });
  if (bytes.length > SMALL_BYTES) return deflateSync(bytes);
  return deflateSync(bytes, { windowBits: 12, memLevel: 6, chunkSize: SMALL_BYTES });
}

/** The same, quickly: for what a writer waits for. */
export function deflateFast(bytes: Uint8Array): Buffer {
  if (bytes.length > SMALL_BYTES) return deflateSync(bytes, { level: 1 });
  return deflateSync(bytes, { level: 1, windowBits: 12, memLevel: 6, chunkSize: SMALL_BYTES });
}

/** The zlib stream of a whole object, for a pack. */
export function deflateObject(type: ObjectType, bytes: Uint8Array): Buffer {
  // Ids do not shrink, and small trees hold little else.
  if (type === 'tree') return bytes.length > STORED_TREE_BYTES ? deflate(bytes) : store(bytes);
  return type === 'commit' ? deflateShort(bytes) : deflate(bytes);
}

/** The zlib stream of a delta, for a pack. */
export function deflateDelta(delta: Uint8Array): Buffer {
  return delta.length > STORED_BYTES ? deflateShort(delta) : store(delta);
}

function deflateShort(bytes: Uint8Array): Buffer {
  if (bytes.length > SMALL_STREAM_BYTES) return deflate(bytes);
  const deflated = deflateSmall(bytes);
  return deflated.length < bytes.length ? deflated : store(bytes);
}

/** A zlib stream of one stored block: RFC 1950 and RFC 1951, 3.2.4. */
function store(bytes: Uint8Array): Buffer {
  const stream = Buffer.allocUnsafe(bytes.length + 11);
  stream.writeUInt16BE(0x7801, 0);
  stream[2] = 1;
  stream.writeUInt16LE(bytes.length, 3);
  stream.writeUInt16LE(~bytes.length & 0xffff, 5);
  stream.set(bytes, 7);
  stream.writeUInt32BE(adler32(bytes), bytes.length + 7);
  return stream;
}
