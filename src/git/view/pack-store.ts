import { withKey } from '../../core/errors.ts';
import { Lru } from '../../core/lru.ts';
import { unpooled } from '../../core/unpooled.ts';
import type { Body, ByteStore } from '../../storage/byte-store.ts';
import { flushFailed, objectMissing, packMissing } from '../errors.ts';
import type { Place } from '../layer/layer.ts';
import type { PackExtension, PackRef } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { BlockCache } from '../map/block-cache.ts';
import { MapLayer } from '../map/map-reader.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { PackIndex } from '../pack/pack-index.ts';
import { decodeWhole, PackReader } from '../pack/pack-reader.ts';
import { JoinedReads } from './joined-reads.ts';
import { SequentialReads } from './sequential-reads.ts';

const INDEX_CACHE_BYTES = 64 << 20;
const OBJECT_CACHE_BYTES = 32 << 20;
const OVERHEAD_BYTES = 120;
/** An import leaves a pack for each 16 MiB: hundreds of indexes at once would take more memory than a function has. */
const INDEXES_AT_ONCE = 16;

/** The immutable part of a wiki: packs, their indexes and maps, read by range through bounded caches. */
export class PackStore {
  readonly #store: ByteStore;
  readonly #uuid: string;
  readonly #blocks: BlockCache;
  readonly #sequence = new SequentialReads((key, start, end) => this.#get(key, { start, end }));
  readonly #ranges = new JoinedReads((key, start, end) => this.#sequence.read(key, start, end));
  readonly #maps = new Map<string, MapLayer>();
  readonly #indexes = new Lru<string, Promise<PackIndex>>(INDEX_CACHE_BYTES);
  readonly #objects = new Lru<Oid, GitObject>(OBJECT_CACHE_BYTES);

  constructor(options: { store: ByteStore; uuid: string; blocks: BlockCache }) {
    this.#store = options.store;
    this.#uuid = options.uuid;
    this.#blocks = options.blocks;
  }

  /** The map layers of the packs that have one, in the packs' order (newest first). */
  layers(packs: readonly PackRef[]): MapLayer[] {
    const listed = new Set(packs.map(pack => pack.name));
    for (const name of this.#maps.keys()) if (!listed.has(name)) this.#maps.delete(name);
    return packs.flatMap(pack => (pack.map ? [this.#layer(pack.name, pack.map)] : []));
  }

  #layer(name: string, index: NonNullable<PackRef['map']>): MapLayer {
    const known = this.#maps.get(name);
    if (known) return known;
    const read = (start: number, end: number) => this.read(name, 'map', start, end);
    const layer = new MapLayer({ name, index, read, cache: this.#blocks });
    this.#maps.set(name, layer);
    return layer;
  }

  /** @throws KittiwakeError `pack_missing` when the file is not there */
  read(name: string, extension: PackExtension, start: number, end?: number): Promise<Buffer> {
    const key = packKey(this.#uuid, name, extension);
    return end === undefined ? this.#get(key, { start }) : this.#ranges.read(key, start, end);
  }

  async #get(key: string, range: { start: number; end?: number }): Promise<Buffer> {
    const got = await this.#store.get(key, { range });
    if (got.kind !== 'found') throw packMissing(key);
    return got.bytes;
  }

  /** Runs `ask`; what it asks for before it first waits is read in as few requests as possible. */
  together<T>(ask: () => T): T {
    return this.#ranges.together(ask);
  }

  /** Stores a file of a pack, durably. @throws KittiwakeError `flush_failed`, those of {@link ByteStore.put} */
  async write(name: string, extension: PackExtension, body: Body): Promise<void> {
    const outcome = await this.#store.put(packKey(this.#uuid, name, extension), body, { immutable: true });
    if (outcome.kind !== 'stored') throw flushFailed(name, extension, outcome);
  }

  index(pack: PackRef): Promise<PackIndex> {
    const known = this.#indexes.get(pack.name);
    if (known) return known;
    const loading = this.#about(pack.name, 'idx', async () =>
      PackIndex.parse(await this.read(pack.name, 'idx', 0)),
    );
    this.#indexes.set(pack.name, loading, pack.indexBytes + OVERHEAD_BYTES);
    loading.catch(() => this.#indexes.delete(pack.name));
    return loading;
  }

  async reader(pack: PackRef): Promise<PackReader> {
    const index = await this.index(pack);
    return new PackReader({
      index,
      size: pack.bytes,
      read: (start, end) => this.read(pack.name, 'pack', start, end),
    });
  }

  /** Reads an object wherever it lies; `hint` saves the look-up when it is still true. */
  async find(oid: Oid, packs: readonly PackRef[], hint?: Place): Promise<GitObject | undefined> {
    const known = this.#objects.get(oid);
    if (known) return known;
    if (hint && packs.some(pack => pack.name === hint.pack)) return await this.whole(oid, hint);
    const found = await this.#search(oid, packs);
    if (found) this.keep(oid, found);
    return found;
  }

  /** @throws KittiwakeError `object_missing` */
  async object(oid: Oid, packs: readonly PackRef[], hint?: Place): Promise<GitObject> {
    const found = await this.find(oid, packs, hint);
    if (!found) throw objectMissing(oid);
    return found;
  }

  /** Bytes of an object, without inflating it. @throws KittiwakeError `object_missing` */
  async size(oid: Oid, packs: readonly PackRef[]): Promise<number> {
    const known = this.#objects.get(oid);
    if (known) return known.bytes.length;
    for (const pack of packs) {
      if ((await this.index(pack)).find(oid) === undefined) continue;
      const reader = await this.reader(pack);
      const header = await this.#about(pack.name, 'pack', () => reader.header(oid));
      if (header) return header.size;
    }
    throw objectMissing(oid);
  }

  /** Where the entry of an object lies, whole or not. */
  async locate(oid: Oid, packs: readonly PackRef[]): Promise<Place | undefined> {
    for (const pack of packs) {
      const index = await this.index(pack);
      const offset = index.find(oid);
      if (offset === undefined) continue;
      const end = await this.#about(pack.name, 'pack', async () => index.entryEnd(offset, pack.bytes));
      return { pack: pack.name, offset, length: end - offset };
    }
    return undefined;
  }

  /** What the cache holds. */
  kept(oid: Oid): GitObject | undefined {
    return this.#objects.get(oid);
  }

  keep(oid: Oid, object: GitObject): void {
    const { type, bytes } = object;
    this.#objects.set(oid, { type, bytes: unpooled(bytes) }, bytes.length + OVERHEAD_BYTES);
  }

  /** Reads the object `oid` from where it lies whole. */
  async whole(oid: Oid, place: Place): Promise<GitObject> {
    const known = this.#objects.get(oid);
    if (known) return known;
    const { pack, offset, length } = place;
    const object = await this.#about(pack, 'pack', async () =>
      decodeWhole(await this.read(pack, 'pack', offset, offset + length)),
    );
    this.keep(oid, object);
    return object;
  }

  async #search(oid: Oid, packs: readonly PackRef[]): Promise<GitObject | undefined> {
    for (let start = 0; start < packs.length; start += INDEXES_AT_ONCE) {
      const some = packs.slice(start, start + INDEXES_AT_ONCE);
      const indexes = await Promise.all(some.map(pack => this.index(pack)));
      const pack = some[indexes.findIndex(index => index.find(oid) !== undefined)];
      if (!pack) continue;
      const reader = await this.reader(pack);
      return this.#about(pack.name, 'pack', () => reader.object(oid));
    }
    return undefined;
  }

  /** Runs `read`; what it throws names the file. */
  async #about<T>(name: string, extension: 'pack' | 'idx', read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw withKey(error, packKey(this.#uuid, name, extension));
    }
  }
}
