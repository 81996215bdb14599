/** A map that forgets what was used longest ago once the weights add up to more than `maxWeight`. */
export class Lru<K, V> {
  readonly #entries = new Map<K, { value: V; weight: number }>();
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
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** An entry heavier than the whole cache is not kept. */
  set(key: K, value: V, weight: number): void {
    this.delete(key);
    if (weight > this.#maxWeight) return;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    while (this.#weight > this.#maxWeight) this.#forgetOldest();
  }

  #forgetOldest(): void {
    this.#oldest ??= this.#entries.keys();
    const { done, value } = this.#oldest.next();
    if (done) this.#oldest = undefined;
    else this.delete(value);
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
