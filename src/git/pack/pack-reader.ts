import { objectCorrupt, packCorrupt } from '../errors.ts';
import type { MaybePromise } from '../layer/layer.ts';
import { hashObject } from '../object/object-codec.ts';
import type { GitObject, ObjectType, Oid } from '../object/objects.ts';
import { applyDelta, readDeltaHeader } from './delta.ts';
import {
  DEFAULT_MAX_OBJECT_BYTES,
  inflateExactly,
  inflatePart,
  isDelta,
  PACK_HEADER_BYTES,
  readEntryHeader,
} from './pack-entry.ts';
import type { PackIndex } from './pack-index.ts';

/** Longer chains than git itself ever writes. */
const MAX_CHAIN = 4096;
const DEFAULT_WINDOW_BYTES = 64 << 10;
/** Deflated bytes that surely hold the two sizes at the front of a delta. */
const DELTA_FRONT_BYTES = 512;

export interface PackReaderOptions {
  index: PackIndex;
  /** Bytes of the pack. */
  size: number;
  /** Reads [start, end) of the pack. */
  read: (start: number, end: number) => MaybePromise<Buffer>;
  /** Larger objects, and deltas, are refused. Default 256 MiB. */
  maxObjectBytes?: number;
  /** What is read at once to find the bases of a delta, which lie before it. Default 64 KiB. */
  windowBytes?: number;
  /** Compare each object read by id with its id. Default false: zlib's checksum must do. */
  verify?: boolean;
}

/** Finds a delta's base that is not in the pack. */
export type ExternalObjects = (oid: Oid) => MaybePromise<GitObject | undefined>;

/** Bytes of the pack that were just read. */
interface Window {
  start: number;
  bytes: Buffer;
}

/** Reads single objects of a pack by range. */
export class PackReader {
  readonly #index: PackIndex;
  readonly #size: number;
  readonly #read: PackReaderOptions['read'];
  readonly #maxBytes: number;
  readonly #windowBytes: number;
  readonly #verify: boolean;

  constructor(options: PackReaderOptions) {
    this.#index = options.index;
    this.#size = options.size;
    this.#read = options.read;
    this.#maxBytes = options.maxObjectBytes ?? DEFAULT_MAX_OBJECT_BYTES;
    this.#windowBytes = options.windowBytes ?? DEFAULT_WINDOW_BYTES;
    this.#verify = options.verify ?? false;
  }

  /**
   * @returns undefined when the pack does not hold it
   * @throws KittiwakeError `pack_corrupt`, `delta_corrupt`; `object_corrupt` with `verify`
   */
  async object(oid: Oid, external?: ExternalObjects): Promise<GitObject | undefined> {
    const offset = this.#index.find(oid);
    if (offset === undefined) return undefined;
    const object = await this.objectAt(offset, external ? { external } : {});
    if (this.#verify && hashObject(object.type, object.bytes) !== oid)
      throw objectCorrupt(oid, 'it has another id');
    return object;
  }

  /** The object whose entry begins at `offset`; `length` (of the whole entry) saves a look-up in the index. */
  async objectAt(
    offset: number,
    options: { length?: number; external?: ExternalObjects } = {},
  ): Promise<GitObject> {
    const deltas: Buffer[] = [];
    let window: Window | undefined;
    let held = 0;
    for (let at = offset; ; ) {
      const end = at === offset && options.length ? at + options.length : this.#end(at);
      window = await this.#cover(window, at, end, deltas.length > 0);
      const entry = window.bytes.subarray(at - window.start, end - window.start);
      const header = readEntryHeader(entry);
      const bytes = inflateExactly(entry.subarray(header.length), header.size, this.#maxBytes);
      if (!isDelta(header)) return this.#applied({ type: header.kind, bytes }, deltas);
      deltas.push(bytes);
      held += bytes.length;
      if (deltas.length > MAX_CHAIN || held > this.#maxBytes)
        throw packCorrupt('a chain of deltas is too long');
      const base = header.kind === 'ofs-delta' ? at - header.distance : this.#index.find(header.base);
      if (base === undefined && header.kind === 'ref-delta') {
        return this.#applied(await externalBase(header.base, options.external), deltas);
      }
      at = base ?? 0;
    }
  }

  #applied(base: GitObject, deltas: readonly Buffer[]): GitObject {
    let { bytes } = base;
    for (const delta of deltas.toReversed()) bytes = applyDelta(bytes, delta, { maxBytes: this.#maxBytes });
    return { type: base.type, bytes };
  }

  /** Type and size without inflating the object. Undefined when the pack does not hold it. */
  async header(
    oid: Oid,
    external?: ExternalObjects,
  ): Promise<{ type: ObjectType; size: number } | undefined> {
    const offset = this.#index.find(oid);
    if (offset === undefined) return undefined;
    let at: number = offset;
    let size: number | undefined;
    let window: Window | undefined;
    for (let links = 0; links <= MAX_CHAIN; links += 1) {
      const end = Math.min(this.#end(at), at + DELTA_FRONT_BYTES);
      window = await this.#cover(window, at, end, links > 0);
      const entry: Buffer = window.bytes.subarray(at - window.start, end - window.start);
      const header = readEntryHeader(entry);
      if (!isDelta(header)) return { type: header.kind, size: size ?? header.size };
      size ??= readDeltaHeader(inflatePart(entry.subarray(header.length))).targetLength;
      const base = header.kind === 'ofs-delta' ? at - header.distance : this.#index.find(header.base);
      if (base === undefined && header.kind === 'ref-delta') {
        return { type: (await externalBase(header.base, external)).type, size };
      }
      at = base ?? 0;
    }
    throw packCorrupt('a chain of deltas is too long');
  }

  #end(offset: number): number {
    return this.#index.entryEnd(offset, this.#size);
  }

  /** A window over [start, end); with `before` it begins earlier, where the next bases are likely to be. */
  async #cover(window: Window | undefined, start: number, end: number, before: boolean): Promise<Window> {
    if (window && window.start <= start && window.start + window.bytes.length >= end) return window;
    const from = before ? Math.max(PACK_HEADER_BYTES, Math.min(start, end - this.#windowBytes)) : start;
    const bytes = await this.#read(from, end);
    if (bytes.length !== end - from) {
      throw packCorrupt(`${bytes.length} bytes could be read at byte ${from}, an object needs ${end - from}`);
    }
    return { start: from, bytes };
  }
}

async function externalBase(oid: Oid, external: ExternalObjects | undefined): Promise<GitObject> {
  const object = await external?.(oid);
  if (!object) throw packCorrupt(`the base ${oid} of a delta is missing`);
  return object;
}

/**
 * The object of an entry that is no delta, from exactly the entry's bytes.
 * @throws KittiwakeError `pack_corrupt`
 */
export function decodeWhole(entry: Buffer, maxBytes: number = DEFAULT_MAX_OBJECT_BYTES): GitObject {
  const header = readEntryHeader(entry);
  if (isDelta(header)) throw packCorrupt('an object that should lie whole is a delta');
  return { type: header.kind, bytes: inflateExactly(entry.subarray(header.length), header.size, maxBytes) };
}
