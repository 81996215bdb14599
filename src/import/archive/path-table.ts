const CHUNK_BYTES = 1 << 20;
const MAX_PATH_BYTES = 1 << 16;

/** Many paths in little memory: their UTF-8 and some 12 bytes each. Numbered from 0 as they are added. */
export class PathTable {
  readonly #chunks: Buffer[] = [];
  #used = CHUNK_BYTES;
  #places = new Float64Array(1024);
  #count = 0;
  #sorted: Uint32Array | undefined;

  get count(): number {
    return this.#count;
  }

  add(path: string): number {
    const bytes = Buffer.from(path);
    // Longer ones cannot be told apart by their places; no archive can hold one.
    if (bytes.length >= MAX_PATH_BYTES) throw new RangeError('A path has 65,536 bytes or more');
    if (this.#used + bytes.length > CHUNK_BYTES) {
      this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
      this.#used = 0;
    }
    const chunk = this.#chunks.length - 1;
    bytes.copy(this.#chunks[chunk] ?? Buffer.alloc(0), this.#used);
    this.#setPlace((chunk * CHUNK_BYTES + this.#used) * MAX_PATH_BYTES + bytes.length);
    this.#used += bytes.length;
    this.#sorted = undefined;
    return this.#count++;
  }

  at(index: number): string {
    const { chunk, start, end } = this.#placeOf(index);
    return chunk.toString('utf8', start, end);
  }

  /** By the bytes of their UTF-8, which is the order of their code points; the same paths in the order they were added. */
  sorted(): Uint32Array {
    this.#sorted ??= this.#sort();
    return this.#sorted;
  }

  /** The first that was added of this path. */
  find(path: string): number | undefined {
    const found = this.sorted()[this.#firstFrom(path)];
    return found !== undefined && this.at(found) === path ? found : undefined;
  }

  /** All that begin so, in order. */
  *startingWith(prefix: string): Generator<number> {
    const sorted = this.sorted();
    for (let place = this.#firstFrom(prefix); place < sorted.length; place += 1) {
      const index = sorted[place] ?? 0;
      if (!this.at(index).startsWith(prefix)) return;
      yield index;
    }
  }

  /** Place in the order of the first that is not before `path`. */
  #firstFrom(path: string): number {
    const wanted = Buffer.from(path);
    const sorted = this.sorted();
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { chunk, start, end } = this.#placeOf(sorted[middle] ?? 0);
      if (chunk.compare(wanted, 0, wanted.length, start, end) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  compare(left: number, right: number): number {
    const [a, b] = [this.#placeOf(left), this.#placeOf(right)];
    return a.chunk.compare(b.chunk, b.start, b.end, a.start, a.end);
  }

  #sort(): Uint32Array {
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
    if (order.every(index => index === 0 || this.compare(index - 1, index) <= 0)) return order;
    return order.sort((left, right) => this.compare(left, right) || left - right);
  }

  #setPlace(place: number): void {
    if (this.#count === this.#places.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#count] = place;
  }

  #placeOf(index: number): { chunk: Buffer; start: number; end: number } {
    const place = this.#places[index] ?? 0;
    const length = place % MAX_PATH_BYTES;
    const at = (place - length) / MAX_PATH_BYTES;
    const start = at % CHUNK_BYTES;
    const chunk = this.#chunks[(at - start) / CHUNK_BYTES] ?? Buffer.alloc(0);
    return { chunk, start, end: start + length };
  }
}
