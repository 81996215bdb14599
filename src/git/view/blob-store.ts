import { inflateSync } from 'node:zlib';
import { Lru } from '../../core/lru.ts';
import { objectCorrupt, objectMissing } from '../errors.ts';
import type { OpenBlob } from '../large/large.ts';
import type { StoredDescription } from '../layer/journal-layer.ts';
import type { MaybePromise, Place } from '../layer/layer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { decodeCommit } from '../object/object-codec.ts';
import type { Commit, Oid } from '../object/objects.ts';
import type { Description } from '../repository.ts';
import type { PackStore } from './pack-store.ts';

const DESCRIPTION_CACHE_BYTES = 16 << 20;
const HINTS = 20_000;

/** How a file is described; see {@link Description}. Undefined: it has no description. */
export type Describe = (path: string, bytes: Buffer) => MaybePromise<Description<unknown> | undefined>;

/** Blobs by id, from the journal or the packs, and what is known about them. */
export class BlobStore {
  readonly #packs: PackStore;
  readonly #describe: Describe;
  readonly #descriptions = new Lru<string, string>(DESCRIPTION_CACHE_BYTES);
  readonly #hints = new Lru<Oid, Place>(HINTS);

  constructor(packs: PackStore, describe: Describe) {
    this.#packs = packs;
    this.#describe = describe;
  }

  /** Remembers where a blob or commit was last seen lying whole. */
  hint(oid: Oid, place: Place): void {
    this.#hints.set(oid, place, 1);
  }

  /** @throws KittiwakeError `object_missing`, `object_corrupt` */
  async read(oid: Oid, ledger: Ledger): Promise<Buffer> {
    const kept = this.#packs.kept(oid);
    if (kept?.type === 'blob') return kept.bytes;
    const recent = this.recent(oid, ledger);
    if (recent) return recent;
    const external = ledger.journal.blob(oid);
    if (external?.encoding === 'pack') return (await this.#packs.whole(oid, external.place)).bytes;
    const object = await this.#packs.object(oid, ledger.packs, this.#hints.get(oid));
    if (object.type !== 'blob') throw objectMissing(oid, `it is a ${object.type}, not a blob`);
    return object.bytes;
  }

  /** The same for blobs of any size. @throws KittiwakeError `object_missing`, `pack_missing` */
  async open(oid: Oid, ledger: Ledger): Promise<OpenBlob> {
    const { openPackedBlob, wholeBlob } = await import('../large/blob-stream.ts');
    const recent = this.recent(oid, ledger);
    if (recent) return wholeBlob(oid, recent);
    const external = ledger.journal.blob(oid);
    if (external?.encoding === 'pack') return openPackedBlob(this.#packs, oid, ledger.packs, external.place);
    const hint = this.#hints.get(oid);
    const place = ledger.packs.some(pack => pack.name === hint?.pack) ? hint : undefined;
    return openPackedBlob(this.#packs, oid, ledger.packs, place);
  }

  /** A commit that lies where it was last seen; undefined when that is not known. */
  async hintedCommit(oid: Oid, { packs }: Ledger): Promise<Commit | undefined> {
    const place = this.#hints.get(oid);
    if (!place || !packs.some(pack => pack.name === place.pack)) return undefined;
    const object = await this.#packs.whole(oid, place);
    return object.type === 'commit' ? decodeCommit(object.bytes) : undefined;
  }

  /** The bytes when the journal holds them. */
  recent(oid: Oid, ledger: Ledger): Buffer | undefined {
    const blob = ledger.journal.blob(oid);
    if (!blob || blob.encoding === 'pack') return undefined;
    if (blob.encoding === 'raw') return blob.bytes;
    try {
      return inflateSync(blob.bytes, { maxOutputLength: Math.max(blob.size, 1) });
    } catch (cause) {
      throw objectCorrupt(oid, 'it does not inflate', cause);
    }
  }

  /** The JSON of the file's {@link StoredDescription}, or null. Kept by path and content. */
  describe(path: string, oid: Oid, ledger: Ledger): MaybePromise<string | null> {
    const key = `${oid}${path}`;
    const known = this.#descriptions.get(key);
    if (known !== undefined) return known === '' ? null : known;
    return this.#describeNow(key, path, oid, ledger);
  }

  async #describeNow(key: string, path: string, oid: Oid, ledger: Ledger): Promise<string | null> {
    // Only pages have one: other files may be too large to be read.
    const description = path.endsWith('.md')
      ? await this.#describe(path, await this.read(oid, ledger))
      : undefined;
    const stored: StoredDescription | undefined = description && {
      facts: description.facts,
      targets: [...new Set(description.targets)],
    };
    const json = stored ? JSON.stringify(stored) : '';
    this.#descriptions.set(key, json, key.length * 2 + json.length * 2 + 100);
    return json === '' ? null : json;
  }
}
