import { FILE, FOLDER, HAS_PLACE, OWN } from '../map/map-codec.ts';
import { OID_BYTES } from './run-file.ts';

/** Rows are sorted in chunks of about this size: within a folder they come in their order. */
const CHUNK_BYTES = 64 << 10;
const FIRST_BYTES = 512;
/** More than all numbers of a row together take. */
const NUMBERS_BYTES = 64;
const SLASH = 0x2f;

/** Where a blob lies; `pack` is a position in the map's table of packs. */
export interface NumberedPlace {
  pack: number;
  offset: number;
  length: number;
}

/**
 * Rows of one folder on their way into a map, in git's tree order: for each the lengths of its key and its value, then both. Files are
 * those of the map's own commit.
 */
export class FolderRows {
  readonly #prefix: Buffer;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #firstKey: Buffer | undefined;

  /** @param prefix that of the folder's paths, with its slash */
  constructor(prefix: Buffer) {
    this.#prefix = Buffer.concat([prefix.subarray(0, Math.max(0, prefix.length - 1)), Buffer.from([0])]);
  }

  file(name: Buffer, oid: Buffer, oidStart: number, size: number, place: NumberedPlace | undefined): void {
    const placed = place ? uintLength(place.pack) + uintLength(place.offset) + uintLength(place.length) : 0;
    this.#begin(name, false, 1 + OID_BYTES + uintLength(size) + placed);
    this.#bytes[this.#length++] = FILE | OWN | (place ? HAS_PLACE : 0);
    this.#length += oid.copy(this.#bytes, this.#length, oidStart, oidStart + OID_BYTES);
    this.#uint(size);
    if (!place) return;
    this.#uint(place.pack);
    this.#uint(place.offset);
    this.#uint(place.length);
  }

  folder(name: Buffer, oid: Buffer): void {
    this.#begin(name, true, 1 + OID_BYTES);
    this.#bytes[this.#length++] = FOLDER;
    this.#length += oid.copy(this.#bytes, this.#length, 0, OID_BYTES);
  }

  /** Writes lengths and key of a row. */
  #begin(name: Buffer, isFolder: boolean, valueLength: number): void {
    const keyLength = this.#prefix.length + name.length + (isFolder ? 1 : 0);
    this.#reserve(keyLength + NUMBERS_BYTES);
    this.#uint(keyLength);
    this.#uint(valueLength);
    const start = this.#length;
    this.#length += this.#prefix.copy(this.#bytes, this.#length);
    this.#length += name.copy(this.#bytes, this.#length);
    if (isFolder) this.#bytes[this.#length++] = SLASH;
    this.#firstKey ??= Buffer.from(this.#bytes.subarray(start, this.#length));
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** LEB128, as {@link ByteReader} reads it. */
  #uint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  get isFull(): boolean {
    return this.#length >= CHUNK_BYTES;
  }

  /** The rows since it was last asked, by the key of the first. They are overwritten by those that follow. */
  take(): { key: Buffer; rows: Buffer } | undefined {
    const key = this.#firstKey;
    if (!key) return undefined;
    const rows = this.#bytes.subarray(0, this.#length);
    this.#firstKey = undefined;
    this.#length = 0;
    return { key, rows };
  }
}

function uintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
