import { FILE, FOLDER, HAS_PLACE, OWN } from '../../map/map-codec.ts';
import { ReusedBytes, uintLength } from '../../reused-bytes.ts';
import { OID_BYTES } from '../run-file.ts';

/** Rows are sorted in chunks of about this size: within a folder they come in their order. */
const CHUNK_BYTES = 64 << 10;
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
  readonly #rows = new ReusedBytes();
  #firstKey: Buffer | undefined;

  /** @param prefix that of the folder's paths, with its slash */
  constructor(prefix: Buffer) {
    this.#prefix = Buffer.concat([prefix.subarray(0, Math.max(0, prefix.length - 1)), Buffer.from([0])]);
  }

  file(name: Buffer, oid: Buffer, oidStart: number, size: number, place: NumberedPlace | undefined): void {
    const placed = place ? uintLength(place.pack) + uintLength(place.offset) + uintLength(place.length) : 0;
    this.#begin(name, false, 1 + OID_BYTES + uintLength(size) + placed);
    this.#rows
      .byte(FILE | OWN | (place ? HAS_PLACE : 0))
      .copy(oid, oidStart, oidStart + OID_BYTES)
      .uint(size);
    if (place) this.#rows.uint(place.pack).uint(place.offset).uint(place.length);
  }

  folder(name: Buffer, oid: Buffer): void {
    this.#begin(name, true, 1 + OID_BYTES);
    this.#rows.byte(FOLDER).copy(oid, 0, OID_BYTES);
  }

  /** Writes lengths and key of a row. */
  #begin(name: Buffer, isFolder: boolean, valueLength: number): void {
    this.#rows.uint(this.#prefix.length + name.length + (isFolder ? 1 : 0)).uint(valueLength);
    const start = this.#rows.length;
    this.#rows.copy(this.#prefix).copy(name);
    if (isFolder) this.#rows.byte(SLASH);
    this.#firstKey ??= Buffer.from(this.#rows.written.subarray(start));
  }

  get isFull(): boolean {
    return this.#rows.length >= CHUNK_BYTES;
  }

  /** The rows since it was last asked, by the key of the first. They are overwritten by those that follow. */
  take(): { key: Buffer; rows: Buffer } | undefined {
    const key = this.#firstKey;
    if (!key) return undefined;
    const rows = this.#rows.written;
    this.#firstKey = undefined;
    this.#rows.clear();
    return { key, rows };
  }
}
