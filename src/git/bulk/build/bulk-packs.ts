import { deflate, deflateSync } from 'node:zlib';
import { randomId } from '../../../core/runtime.ts';
import type { PackRef } from '../../ledger/ledger.ts';
import { deflateObject } from '../../object/deflate.ts';
import { deflateMany } from '../../object/deflate-many.ts';
import type { ObjectType, Oid } from '../../object/objects.ts';
import type { LedgerRepository } from '../../open.ts';
import { PackAssembler } from '../../pack/pack-assembler.ts';
import type { Place } from '../../pack/place.ts';

const PACK_BYTES = 8 << 20;
/** What is kept of each object until its pack is finished takes memory, too. */
const PACK_OBJECTS = 20_000;
/** Trees of a few entries are stored as they are. */
const STORED_BYTES = 1 << 10;
/** Up to here trees share codes, which is thrice as fast as zlib. */
const SHARED_BYTES = 8 << 10;
const ASIDE_BYTES = 256 << 10;

/** Objects in packs that are stored as they fill. */
export class BulkPacks {
  readonly #repository: LedgerRepository;
  readonly #stored: PackRef[] = [];
  #open = new PackAssembler();
  #objects = 0;
  #name: string;
  #storing: Promise<void> = Promise.resolve();
  readonly #many = deflateMany();
  /** For one stream, which the pack copies. */
  readonly #stream: Buffer;

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
    this.#name = newName(repository);
    this.#stream = Buffer.allocUnsafe(this.#many.maxBytes(SHARED_BYTES));
  }

  /** One at a time. */
  async add(type: ObjectType, oid: Oid, bytes: Buffer): Promise<Place> {
    const known = this.#open.place(oid);
    if (known) return { pack: this.#name, ...known };
    const made = this.#deflated(type, bytes);
    const deflated = made instanceof Promise ? await made : made;
    const entry = this.#open.append({ oid, type, size: bytes.length, deflated });
    const place = { pack: this.#name, offset: entry.offset, length: entry.length };
    this.#objects += 1;
    if (this.#open.byteLength >= PACK_BYTES || this.#objects >= PACK_OBJECTS) await this.#close();
    return place;
  }

  /** Ids do not shrink: names are all that there is to gain, and the best levels take long to find that out. */
  #deflated(type: ObjectType, bytes: Buffer): Buffer | Promise<Buffer> {
    if (bytes.length > ASIDE_BYTES) return deflateAside(bytes);
    if (type !== 'tree' || bytes.length <= STORED_BYTES) return deflateObject(type, bytes);
    if (bytes.length > SHARED_BYTES) return deflateSync(bytes, { level: 1, chunkSize: bytes.length });
    return this.#stream.subarray(0, this.#many.into(bytes, this.#stream, 0));
  }

  /** Resolves when the pack before is stored: so one is written while the next one fills. */
  #close(): Promise<void> {
    const [name, assembler, before] = [this.#name, this.#open, this.#storing];
    this.#name = newName(this.#repository);
    this.#open = new PackAssembler();
    this.#objects = 0;
    this.#storing = before.then(() => this.#store(name, assembler));
    this.#storing.catch(() => {});
    return before;
  }

  async #store(name: string, assembler: PackAssembler): Promise<void> {
    const { packs } = this.#repository;
    const { pack, index, entries } = assembler.finish();
    await Promise.all([packs.write(name, 'pack', pack), packs.write(name, 'idx', [index])]);
    const bytes = pack.reduce((sum, part) => sum + part.length, 0);
    this.#stored.push({ name, bytes, indexBytes: index.length, objects: entries.length });
  }

  /** All of them, the newest first; the pack of what was added last is the first. */
  async finish(): Promise<PackRef[]> {
    if (this.#objects > 0) await this.#close();
    await this.#storing;
    return this.#stored.toReversed();
  }
}

function newName({ runtime }: LedgerRepository): string {
  return `pack-${randomId(runtime)}`;
}

/** In another thread. */
function deflateAside(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    deflate(bytes, { level: 1, chunkSize: ASIDE_BYTES }, (error, result) =>
      error ? reject(error) : resolve(result),
    ),
  );
}
