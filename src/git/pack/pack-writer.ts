import { objectMissing } from '../errors.ts';
import { deflateDelta, deflateObject } from '../object/deflate.ts';
import type { ObjectType, Oid } from '../object/objects.ts';
import type { BuiltPack } from './pack-assembler.ts';
import { PackAssembler } from './pack-assembler.ts';

/** Builds one pack in memory. An object that is added again is passed over. */
export class PackWriter {
  readonly #assembler = new PackAssembler();
  readonly #depths = new Map<Oid, number>();

  has(oid: Oid): boolean {
    return this.#assembler.find(oid) !== undefined;
  }

  /** Bytes of the pack so far, without its trailer. */
  get byteLength(): number {
    return this.#assembler.byteLength;
  }

  /** Length of the chain of deltas that an added object is at the end of; 0 when it lies whole. */
  depth(oid: Oid): number {
    return this.#depths.get(oid) ?? 0;
  }

  /** Adds an object whole, given in one piece or several. */
  add(type: ObjectType, oid: Oid, bytes: Uint8Array | readonly Uint8Array[]): void {
    if (this.has(oid)) return;
    const whole = bytes instanceof Uint8Array ? bytes : joined(bytes);
    this.#assembler.append({ oid, type, size: whole.length, deflated: deflateObject(type, whole) });
  }

  /** Adds an object whole that is deflated already. */
  addDeflated(type: ObjectType, oid: Oid, size: number, deflated: Uint8Array): void {
    if (!this.has(oid)) this.#assembler.append({ oid, type, size, deflated });
  }

  /**
   * Adds an object as a delta against one that was added before.
   * @throws KittiwakeError `object_missing` when the base was not
   */
  addDelta(base: Oid, oid: Oid, delta: Uint8Array): void {
    if (!this.has(oid)) this.addDeflatedDelta(base, oid, delta.length, deflateDelta(delta));
  }

  /** The same for a delta of `size` bytes that is deflated already. */
  addDeflatedDelta(base: Oid, oid: Oid, size: number, deflated: Uint8Array): void {
    if (this.has(oid)) return;
    const entry = this.#assembler.find(base);
    if (!entry)
      throw objectMissing(base, `it is not in the pack that ${oid} is added to as a delta against it`);
    this.#assembler.append({ oid, type: entry.type, size, deflated, base: entry });
    this.#depths.set(oid, this.depth(base) + 1);
  }

  finish(): BuiltPack {
    return this.#assembler.finish();
  }

  /** Where an object lies, when it lies whole. */
  place(oid: Oid): { offset: number; length: number } | undefined {
    return this.#assembler.place(oid);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only ? only : Buffer.concat(parts);
}
