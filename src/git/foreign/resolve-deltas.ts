import { packCorrupt } from '../errors.ts';
import { hashObject } from '../object/object-codec.ts';
import type { GitObject, ObjectType, Oid } from '../object/objects.ts';
import type { PackObjects } from './pack-objects.ts';
import { lowest, type PackTable } from './pack-table.ts';
import type { RefDelta, ScannedPackFile } from './scan-pack-file.ts';

/** Objects between two looks at what else is to be done, and bytes of them. */
const TURN = 256;
const TURN_BYTES = 8 << 20;

/** Finds what a pack builds on and does not hold (a thin pack). */
export type ExternalBases = (oid: Oid) => Promise<GitObject | undefined>;

/**
 * Computes the ids of all objects that lie as deltas: each after its base, along one chain as far as it goes, so that bases are at hand.
 * @param add appends an object to the pack, to its table, too, and returns its number. Absent: every base must be in the pack
 * @throws KittiwakeError `pack_corrupt` also when a base is missing, `delta_corrupt`; what `signal` is aborted with
 */
export async function resolveDeltas(
  { table, refDeltas }: ScannedPackFile,
  objects: PackObjects,
  {
    signal,
    add,
  }: { signal?: AbortSignal | undefined; add?: ((oid: Oid) => Promise<number | undefined>) | undefined } = {},
): Promise<void> {
  const waiting = new Waiting(table, refDeltas);
  const walk = new DeltaWalk(table, objects, waiting, signal);
  const { count } = table;
  for (let root = 0; root < count && walk.missing > 0; root += 1)
    if (table.base(root) < 0 && table.type(root) !== undefined) await walk.from(root);
  for (const oid of add && walk.missing > 0 ? waiting.bases() : []) {
    const root = await add?.(oid);
    if (root !== undefined) await walk.from(root);
  }
  if (walk.missing > 0) throw packCorrupt(`${walk.missing} deltas have no base`);
}

/** Goes from objects that are known to what builds on them. */
class DeltaWalk {
  readonly #table: PackTable;
  readonly #objects: PackObjects;
  readonly #waiting: Waiting;
  readonly #signal: AbortSignal | undefined;
  #turn = 0;
  #turnBytes = 0;
  missing: number;

  constructor(table: PackTable, objects: PackObjects, waiting: Waiting, signal: AbortSignal | undefined) {
    this.#table = table;
    this.#objects = objects;
    this.#waiting = waiting;
    this.#signal = signal;
    this.missing = waiting.count;
  }

  async from(root: number): Promise<void> {
    const table = this.#table;
    const ready: number[] = [];
    this.#waiting.take(root, table.oid(root), ready);
    for (let number = ready.pop(); number !== undefined; number = ready.pop()) {
      this.#turn += 1;
      if (this.#turn === TURN || this.#turnBytes > TURN_BYTES) {
        this.#turn = 0;
        this.#turnBytes = 0;
        await new Promise(setImmediate);
        this.#signal?.throwIfAborted();
      }
      const type = table.type(table.base(number)) as ObjectType;
      const bytes = this.#objects.bytes(number);
      const oid = hashObject(type, bytes);
      this.#turnBytes += bytes.length;
      table.resolve(number, type, oid);
      this.missing -= 1;
      this.#waiting.take(number, oid, ready);
    }
  }
}

/** The deltas that wait for their base, by base: linked lists in two arrays, and those that name an id sorted by it. */
class Waiting {
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #table: PackTable;
  readonly #byOid: readonly RefDelta[];
  readonly #taken: Uint8Array;
  readonly count: number;

  constructor(table: PackTable, refDeltas: readonly RefDelta[]) {
    this.#table = table;
    this.#first = new Int32Array(table.count).fill(-1);
    this.#next = new Int32Array(table.count).fill(-1);
    let count = refDeltas.length;
    for (let number = table.count - 1; number >= 0; number -= 1) {
      const base = table.base(number);
      if (base < 0) continue;
      this.#next[number] = this.#first[base] as number;
      this.#first[base] = number;
      count += 1;
    }
    this.#byOid = refDeltas.toSorted((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0));
    this.#taken = new Uint8Array(refDeltas.length);
    this.count = count;
  }

  /** What is named as a base and was not found so far. */
  bases(): Set<Oid> {
    return new Set(this.#byOid.filter((_, at) => this.#taken[at] === 0).map(({ base }) => base));
  }

  /** Moves those that build on an object to the end of `into`. */
  take(number: number, oid: Oid, into: number[]): void {
    for (let at = this.#first[number] ?? -1; at >= 0; at = this.#next[at] as number) into.push(at);
    const refs = this.#byOid;
    if (refs.length === 0) return;
    const order = (at: number) => ((refs[at]?.base ?? '') < oid ? -1 : 0);
    for (let at = lowest(refs.length, order); refs[at]?.base === oid; at += 1) {
      const delta = refs[at] as RefDelta;
      if (this.#taken[at] === 1) continue;
      this.#taken[at] = 1;
      this.#table.setBase(delta.number, number);
      into.push(delta.number);
    }
  }
}
