import { crc32 } from 'node:zlib';
import { packCorrupt } from '../errors.ts';
import { hashObject } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { applyDelta } from './delta.ts';
import type { DeltaEntryHeader, PackEntry } from './pack-entry.ts';
import {
  inflateFront,
  isDelta,
  MAX_ENTRY_HEADER_BYTES,
  PACK_HEADER_BYTES,
  readEntryHeader,
} from './pack-entry.ts';
import { PackFeed } from './pack-feed.ts';
import type { ScannedEntry, ScanOptions } from './pack-walk.ts';
import { entryAt, readPackHeader, walkPack } from './pack-walk.ts';

/**
 * Walks over a pack that has no index, in the pack's order. A stream is read once; of it, one entry is in memory at a time.
 * @throws KittiwakeError `pack_corrupt`, also for a wrong checksum (of a stream: after its last entry)
 */
export async function* scanPack(
  pack: Buffer | AsyncIterable<Uint8Array>,
  options: ScanOptions = {},
): AsyncGenerator<ScannedEntry> {
  if (Buffer.isBuffer(pack)) {
    yield* walkPack(pack, options);
    return;
  }
  const feed = new PackFeed(pack);
  try {
    const header = await feed.fill(PACK_HEADER_BYTES);
    const count = readPackHeader(header);
    feed.take(PACK_HEADER_BYTES);
    for (let i = 0; i < count; i += 1) yield await nextEntry(feed, options.maxObjectBytes);
    await feed.checkEnd();
  } finally {
    await feed.close();
  }
}

async function nextEntry(feed: PackFeed, maxBytes: number | undefined): Promise<ScannedEntry> {
  const { offset } = feed;
  const header = readEntryHeader(await feed.fill(MAX_ENTRY_HEADER_BYTES));
  for (;;) {
    const inflated = inflateFront(feed.ahead.subarray(header.length), header.size, maxBytes);
    if (inflated) {
      const length = header.length + inflated.consumed;
      return { offset, length, crc: crc32(feed.take(length)), header, payload: inflated.bytes };
    }
    const tooLong = feed.ahead.length > 2 * header.size + (1 << 20);
    if (tooLong || !(await feed.grow())) throw packCorrupt(`the entry at byte ${offset} does not end`);
  }
}

export interface IndexOptions extends ScanOptions {
  /** Finds bases that the pack lacks (a thin pack). */
  external?: (oid: Oid) => GitObject | undefined;
}

interface DeltaEntry {
  offset: number;
  length: number;
  crc: number;
  header: DeltaEntryHeader;
}

/** An object whose dependants are being resolved. */
interface Frame {
  oid: Oid;
  object: GitObject;
  waiting: DeltaEntry[];
}

/**
 * The ids of all objects in a pack: what its index is made of.
 * @returns in the pack's order
 * @throws KittiwakeError `pack_corrupt`, `delta_corrupt`
 */
export function indexPack(pack: Buffer, options: IndexOptions = {}): PackEntry[] {
  return new PackResolver(pack, options).entries().sort((a, b) => a.offset - b.offset);
}

/** Resolves deltas depth first, so that only the objects along one chain are in memory. */
class PackResolver {
  readonly #pack: Buffer;
  readonly #options: IndexOptions;
  readonly #resolved: PackEntry[] = [];
  readonly #byOffset = new Map<number, DeltaEntry[]>();
  readonly #byOid = new Map<Oid, DeltaEntry[]>();
  #pending = 0;

  constructor(pack: Buffer, options: IndexOptions) {
    this.#pack = pack;
    this.#options = options;
  }

  entries(): PackEntry[] {
    for (const { offset, length, crc, header, payload } of walkPack(this.#pack, this.#options)) {
      if (isDelta(header)) this.#wait({ offset, length, crc, header });
      else
        this.#resolved.push({
          oid: hashObject(header.kind, payload),
          offset,
          length,
          crc,
          type: header.kind,
        });
    }
    for (const entry of [...this.#resolved]) this.#resolveFrom(entry);
    for (const oid of [...this.#byOid.keys()]) {
      const object = this.#options.external?.(oid);
      if (object) this.#drain({ oid, object, waiting: this.#dependants(oid) });
    }
    if (this.#pending > 0) throw packCorrupt(`${this.#pending} deltas have no base`);
    return this.#resolved;
  }

  #wait(entry: DeltaEntry): void {
    const { header } = entry;
    if (header.kind === 'ofs-delta') push(this.#byOffset, entry.offset - header.distance, entry);
    else push(this.#byOid, header.base, entry);
    this.#pending += 1;
  }

  #resolveFrom(entry: PackEntry): void {
    const waiting = this.#dependants(entry.oid, entry.offset);
    if (waiting.length === 0) return;
    const bytes = this.#payload(entry.offset);
    this.#drain({ oid: entry.oid, object: { type: entry.type, bytes }, waiting });
  }

  #dependants(oid: Oid, offset = -1): DeltaEntry[] {
    const waiting = [...(this.#byOffset.get(offset) ?? []), ...(this.#byOid.get(oid) ?? [])];
    this.#byOffset.delete(offset);
    this.#byOid.delete(oid);
    return waiting;
  }

  #drain(first: Frame): void {
    const stack = [first];
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const entry = frame.waiting.pop();
      if (frame.waiting.length === 0) stack.pop();
      if (entry) stack.push(this.#resolve(entry, frame));
    }
  }

  #resolve({ offset, length, crc }: DeltaEntry, { oid: base, object }: Frame): Frame {
    const { maxObjectBytes: maxBytes } = this.#options;
    const bytes = applyDelta(object.bytes, this.#payload(offset), maxBytes === undefined ? {} : { maxBytes });
    const oid = hashObject(object.type, bytes);
    this.#resolved.push({ oid, offset, length, crc, type: object.type, base });
    this.#pending -= 1;
    return { oid, object: { type: object.type, bytes }, waiting: this.#dependants(oid, offset) };
  }

  #payload(offset: number): Buffer {
    return entryAt(this.#pack, offset, this.#pack.length, this.#options.maxObjectBytes).payload;
  }
}

function push<K>(map: Map<K, DeltaEntry[]>, key: K, entry: DeltaEntry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}
