import type { Oid } from '../object/objects.ts';
import { OidSet } from '../object/oid-set.ts';

const FIRST_CAPACITY = 1024;

/** The objects that are to be sent, and for each of them what the receiver may have in its place: about 40 bytes an object. */
export class Selection {
  readonly oids = new OidSet();
  /** What stood in the place of selected objects before. */
  readonly #earlier = new OidSet();
  /** One above the position in `#earlier`; 0: nothing. */
  #earlierOf = new Uint32Array(FIRST_CAPACITY);

  get size(): number {
    return this.oids.size;
  }

  /** @returns false when it was there already */
  add(oid: Oid, earlier?: Oid): boolean {
    if (!this.oids.add(oid)) return false;
    if (earlier !== undefined) this.#note(this.oids.size - 1, earlier);
    return true;
  }

  #note(index: number, earlier: Oid): void {
    if (index >= this.#earlierOf.length) {
      const grown = new Uint32Array(2 * index);
      grown.set(this.#earlierOf);
      this.#earlierOf = grown;
    }
    this.#earlier.add(earlier);
    this.#earlierOf[index] = this.#earlier.indexOf(earlier) + 1;
  }

  /** The nearest predecessor of an object that is not sent itself. */
  had(index: number): Oid | undefined {
    const passed: number[] = [];
    for (let at = index; passed.length <= this.size; ) {
      const earlier = this.#earlierOf[at] ?? 0;
      if (earlier === 0) return undefined;
      const next = this.oids.indexOfBytes(this.#earlier.bytesAt(earlier - 1), 0);
      if (next < 0) {
        // Of a page that is edited often the way is long, and is gone for each of its contents.
        for (const each of passed) this.#earlierOf[each] = earlier;
        return this.#earlier.at(earlier - 1);
      }
      passed.push(at);
      at = next;
    }
    return undefined;
  }

  /** Whether the receiver may have it, as the predecessor of what is sent. */
  isEarlier(oid: Oid): boolean {
    return this.#earlier.has(oid) && !this.oids.has(oid);
  }
}
