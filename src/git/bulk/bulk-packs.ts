import { deflateSync } from 'node:zlib';
import { randomId } from '../../core/runtime.ts';
import type { PackRef } from '../ledger/ledger.ts';
import { deflateObject } from '../object/deflate.ts';
import type { ObjectType, Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { PackAssembler } from '../pack/pack-assembler.ts';
import type { Place } from '../pack/place.ts';

const PACK_BYTES = 16 << 20;
/** What is kept of each object until its pack is finished takes memory, too. */
const PACK_OBJECTS = 50_000;

/** Objects in packs that are stored as they fill. */
export class BulkPacks {
  readonly #repository: LedgerRepository;
  readonly #stored: PackRef[] = [];
  #open = new PackAssembler();
  #objects = 0;
  #name: string;
  #storing: Promise<void> = Promise.resolve();

  constructor(repository: LedgerRepository) {
    this.#repository = repository;
    this.#name = newName(repository);
  }

  /** What is returned with the place is to be awaited before the next object. */
  add(type: ObjectType, oid: Oid, bytes: Buffer): { place: Place; stored: Promise<void> | undefined } {
    const known = this.#open.place(oid);
    if (known) return { place: { pack: this.#name, ...known }, stored: undefined };
    const entry = this.#open.append({ oid, type, size: bytes.length, deflated: deflated(type, bytes) });
    const place = { pack: this.#name, offset: entry.offset, length: entry.length };
    this.#objects += 1;
    const isFull = this.#open.byteLength >= PACK_BYTES || this.#objects >= PACK_OBJECTS;
    return { place, stored: isFull ? this.#close() : undefined };
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

/** Ids do not shrink: names are all that there is to gain, and the best levels take long to find that out. */
function deflated(type: ObjectType, bytes: Buffer): Buffer {
  if (type !== 'tree' || bytes.length <= 1024) return deflateObject(type, bytes);
  return deflateSync(bytes, { level: 1, chunkSize: Math.min(256 << 10, Math.max(1024, bytes.length)) });
}
