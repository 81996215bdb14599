import { ByteWriter } from '../byte-codec.ts';
import { FILE, FOLDER, HAS_PLACE, OWN } from '../map/map-codec.ts';
import { OID_BYTES } from './run-file.ts';

/** Rows are sorted in chunks of about this size: within a folder they come in their order. */
const CHUNK_BYTES = 64 << 10;
const SLASH = Buffer.from('/');
const NONE = Buffer.alloc(0);

/** Where a blob lies; `pack` is a position in the map's table of packs. */
export interface NumberedPlace {
  pack: number;
  offset: number;
  length: number;
}

/**
 * Rows of one folder on their way into a map, in git's tree order: for each the lengths of its key and its value, then both, as
 * {@link splitRows} reads them. Files are those of the map's own commit.
 */
export class FolderRows {
  readonly #prefix: Buffer;
  #writer = new ByteWriter();
  #firstKey: Buffer | undefined;

  /** @param prefix that of the folder's paths, with its slash */
  constructor(prefix: Buffer) {
    this.#prefix = Buffer.concat([prefix.subarray(0, Math.max(0, prefix.length - 1)), Buffer.from([0])]);
  }

  file(name: Buffer, oid: Buffer, oidStart: number, size: number, place: NumberedPlace | undefined): void {
    const value = new ByteWriter(56)
      .byte(FILE | OWN | (place ? HAS_PLACE : 0))
      .raw(oid.subarray(oidStart, oidStart + OID_BYTES))
      .uint(size);
    if (place) value.uint(place.pack).uint(place.offset).uint(place.length);
    this.#add(name, NONE, value);
  }

  folder(name: Buffer, oid: Buffer): void {
    this.#add(name, SLASH, new ByteWriter(24).byte(FOLDER).raw(oid));
  }

  #add(name: Buffer, end: Buffer, valueWriter: ByteWriter): void {
    const value = valueWriter.finish();
    const keyLength = this.#prefix.length + name.length + end.length;
    this.#firstKey ??= Buffer.concat([this.#prefix, name, end]);
    this.#writer.uint(keyLength).uint(value.length).raw(this.#prefix).raw(name);
    if (end.length > 0) this.#writer.raw(end);
    this.#writer.raw(value);
  }

  get isFull(): boolean {
    return this.#writer.length >= CHUNK_BYTES;
  }

  /** The rows since it was last asked, by the key of the first. */
  take(): { key: Buffer; rows: Buffer } | undefined {
    const key = this.#firstKey;
    if (!key) return undefined;
    const rows = this.#writer.finish();
    this.#firstKey = undefined;
    this.#writer = new ByteWriter();
    return { key, rows };
  }
}
