/** The structures of a ZIP file: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header) to 4.3.16 (end of the directory). */

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const END = 0x06054b50;
/** Stands for a value that is in the ZIP64 field. */
const IN_FIELD = 0xffffffff;
const MANY = 0xffff;
const FIELD_64 = 1;
/** Made on Unix, by version 4.5, which knows ZIP64. */
const MADE_BY = (3 << 8) | 45;
/** Names in UTF-8; sizes behind the content. */
const UTF_8 = 0x0800;
const SIZES_BEHIND = 0x0008;
/** A plain file that its owner may write. */
const ATTRIBUTES = (0o100644 << 16) >>> 0;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
/** Contents of this size are said to need 64 bits when their deflated size is not known yet: it may be a little larger. */
const LARGE = 0xf0000000;

export interface ZipEntry {
  /** With `/`. */
  path: string;
  /** 0: stored, 8: deflated. */
  method: 0 | 8;
  /** Its sizes and checksum follow its content. */
  sizesBehind: boolean;
  crc: number;
  /** Bytes in the archive, and of the content. */
  packed: number;
  size: number;
  /** Where its local header begins. */
  offset: number;
  /** As MS-DOS has it, see {@link dosTime}. */
  time: number;
}

/** Date and time in two seconds, UTC, as 32 bits; years before 1980 and after 2107 are cut to these. */
export function dosTime(seconds: number): number {
  const at = new Date(Math.min(Math.max(seconds, 315_532_800), 4_354_819_198) * 1000);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}

export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.path);
  const isWide = entry.sizesBehind && entry.size >= LARGE;
  const field = Buffer.alloc(isWide ? 20 : 0);
  if (isWide) {
    field.writeUInt16LE(FIELD_64, 0);
    field.writeUInt16LE(16, 2);
  }
  const bytes = Buffer.alloc(LOCAL_BYTES);
  bytes.writeUInt32LE(LOCAL, 0);
  const { crc, packed, size } = entry.sizesBehind ? { crc: 0, packed: 0, size: 0 } : entry;
  writeCommon(bytes, 4, entry, isWide ? { crc, packed: IN_FIELD, size: IN_FIELD } : { crc, packed, size });
  writeLengths(bytes, 26, name, field);
  return Buffer.concat([bytes, name, field]);
}

/** What both headers have: from the version that is needed to the sizes. */
function writeCommon(
  bytes: Buffer,
  at: number,
  entry: ZipEntry,
  { crc, packed, size }: { crc: number; packed: number; size: number },
): void {
  const isWide = packed === IN_FIELD || size === IN_FIELD;
  bytes.writeUInt16LE(isWide ? 45 : 20, at);
  bytes.writeUInt16LE(UTF_8 | (entry.sizesBehind ? SIZES_BEHIND : 0), at + 2);
  bytes.writeUInt16LE(entry.method, at + 4);
  bytes.writeUInt32LE(entry.time, at + 6);
  bytes.writeUInt32LE(crc, at + 10);
  bytes.writeUInt32LE(packed, at + 14);
  bytes.writeUInt32LE(size, at + 18);
}

function writeLengths(bytes: Buffer, at: number, name: Buffer, field: Buffer): void {
  bytes.writeUInt16LE(name.length, at);
  bytes.writeUInt16LE(field.length, at + 2);
}

/** What follows a content whose sizes were not known before it. */
export function descriptor({ crc, packed, size }: ZipEntry): Buffer {
  const isWide = size >= LARGE;
  const bytes = Buffer.alloc(isWide ? 24 : 16);
  bytes.writeUInt32LE(DESCRIPTOR, 0);
  bytes.writeUInt32LE(crc, 4);
  if (isWide) {
    bytes.writeBigUInt64LE(BigInt(packed), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(packed, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

/** The record of an entry in the directory at the end. */
export function centralRecord(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.path);
  const { size, packed, offset } = entry;
  const wide = [size, packed, offset].filter(value => value >= IN_FIELD);
  const field = Buffer.alloc(wide.length === 0 ? 0 : 4 + 8 * wide.length);
  if (wide.length > 0) {
    field.writeUInt16LE(FIELD_64, 0);
    field.writeUInt16LE(8 * wide.length, 2);
    for (const [index, value] of wide.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  }
  const bytes = Buffer.alloc(CENTRAL_BYTES);
  bytes.writeUInt32LE(CENTRAL, 0);
  bytes.writeUInt16LE(MADE_BY, 4);
  const sizes = { crc: entry.crc, packed: Math.min(packed, IN_FIELD), size: Math.min(size, IN_FIELD) };
  writeCommon(bytes, 6, entry, sizes);
  writeLengths(bytes, 28, name, field);
  bytes.writeUInt32LE(ATTRIBUTES, 38);
  bytes.writeUInt32LE(Math.min(offset, IN_FIELD), 42);
  return Buffer.concat([bytes, name, field]);
}

export interface ReadRecord {
  path: string;
  /** Where the entry ends in the archive. */
  end: number;
  /** Of the record. */
  length: number;
}

/** Reads a record made by {@link centralRecord}; undefined when it is cut off, or none. */
export function readCentralRecord(bytes: Buffer, start: number): ReadRecord | undefined {
  if (start + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(start) !== CENTRAL) return undefined;
  const nameBytes = bytes.readUInt16LE(start + 28);
  const fieldBytes = bytes.readUInt16LE(start + 30);
  const length = CENTRAL_BYTES + nameBytes + fieldBytes;
  if (start + length > bytes.length) return undefined;
  const path = bytes.toString('utf8', start + CENTRAL_BYTES, start + CENTRAL_BYTES + nameBytes);
  let field = start + CENTRAL_BYTES + nameBytes + 4;
  const wide = (at: number) => {
    const value = bytes.readUInt32LE(start + at);
    if (value !== IN_FIELD) return value;
    field += 8;
    return Number(bytes.readBigUInt64LE(field - 8));
  };
  const [size, packed, offset] = [wide(24), wide(20), wide(42)];
  const sizesBehind = (bytes.readUInt16LE(start + 8) & SIZES_BEHIND) !== 0;
  const isWide = sizesBehind && size >= LARGE;
  const around = LOCAL_BYTES + nameBytes + (isWide ? 20 + 24 : sizesBehind ? 16 : 0);
  return { path, end: offset + around + packed, length };
}

/** What ends an archive: where its directory begins, how long it is, and how many entries it has. */
export function endRecords({ start, bytes, count }: { start: number; bytes: number; count: number }): Buffer {
  const isWide = count >= MANY || start >= IN_FIELD || bytes >= IN_FIELD;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(count, MANY), 8);
  end.writeUInt16LE(Math.min(count, MANY), 10);
  end.writeUInt32LE(Math.min(bytes, IN_FIELD), 12);
  end.writeUInt32LE(Math.min(start, IN_FIELD), 16);
  return isWide ? Buffer.concat([wideEnd(start, bytes, count), end]) : end;
}

function wideEnd(start: number, bytes: number, count: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(END_64, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(MADE_BY, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.writeUInt32LE(LOCATOR_64, 56);
  end.writeBigUInt64LE(BigInt(start + bytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
