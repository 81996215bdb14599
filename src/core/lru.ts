interface Entry<V> {
  value: V;
  weight: number;
  /** Asked for since it was last looked at; it spares the entry once. */
  used: boolean;
}

/**
 * A map that forgets what was not used for long once the weights add up to more than `maxWeight`. Second chance: the oldest
 * goes unless it was used since it was last looked at. (To move an entry to the end of a Map at each use costs 2 to 100
 * microseconds, as V8 keeps what was deleted in its chains until it grows.)
 */
export class Lru<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #maxWeight: number;
  #weight = 0;
  /** Stands before the oldest entry. A new one would pass over all that was deleted since the map last grew. */
  #oldest: MapIterator<K> | undefined;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get weight(): number {
    return this.#weight;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** An entry heavier than the whole cache is not kept. */
  set(key: K, value: V, weight: number): void {
    const known = this.#entries.get(key);
    if (weight > this.#maxWeight) {
      this.delete(key);
    } else if (known) {
      this.#weight += weight - known.weight;
      known.value = value;
      known.weight = weight;
      known.used = true;
    } else {
      this.#entries.set(key, { value, weight, used: false });
      this.#weight += weight;
    }
    while (this.#weight > this.#maxWeight) this.#forgetOldest();
  }

  #forgetOldest(): void {
    this.#oldest ??= this.#entries.keys();
    const { done, value: key } = this.#oldest.next();
    const entry = done ? undefined : this.#entries.get(key);
    if (done) this.#oldest = undefined;
    else if (entry?.used) {
      entry.used = false;
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    } else this.delete(key);
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = undefined;
    this.#weight = 0;
  }
}
