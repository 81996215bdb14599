import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lru } from '../../src/core/lru.ts';

/** The same cache in the plainest way: a list, the oldest first; what was used goes to its end instead of going. */
class ListLru {
  #list: { key: number; weight: number; used: boolean }[] = [];
  readonly #maxWeight: number;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get keys(): number[] {
    return this.#list.map(each => each.key);
  }

  use(key: number): void {
    const found = this.#list.find(each => each.key === key);
    if (found) found.used = true;
  }

  set(key: number, weight: number): void {
    if (weight > this.#maxWeight) {
      this.delete(key);
      return;
    }
    const found = this.#list.find(each => each.key === key);
    if (found) Object.assign(found, { weight, used: true });
    else this.#list.push({ key, weight, used: false });
    while (this.#list.reduce((sum, each) => sum + each.weight, 0) > this.#maxWeight) {
      const [oldest, ...rest] = this.#list;
      this.#list = oldest?.used ? [...rest, { ...oldest, used: false }] : rest;
    }
  }

  delete(key: number): void {
    this.#list = this.#list.filter(each => each.key !== key);
  }

  clear(): void {
    this.#list = [];
  }
}

it('forgets the oldest but spares what was used, whatever was used, replaced, deleted or cleared before', () => {
  const key = fc.nat({ max: 9 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('set' as const), key, weight: fc.nat({ max: 7 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const [cache, list] = [new Lru<number, number>(12), new ListLru(12)];
      for (const each of steps) {
        if (each.do === 'set') {
          cache.set(each.key, each.key, each.weight);
          list.set(each.key, each.weight);
        } else if (each.do === 'get') {
          expect(cache.get(each.key)).toBe(list.keys.includes(each.key) ? each.key : undefined);
          list.use(each.key);
        } else if (each.do === 'delete') {
          cache.delete(each.key);
          list.delete(each.key);
        } else {
          cache.clear();
          list.clear();
        }
      }
      const kept = Array.from({ length: 10 }, (_, at) => at).filter(at => cache.get(at) !== undefined);
      expect(kept).toEqual(list.keys.toSorted((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

it('keeps what is used all the time, however much passes through', () => {
  const cache = new Lru<number, string>(100);
  cache.set(-1, 'hot', 1);
  for (let at = 0; at < 10_000; at += 1) {
    cache.set(at, 'cold', 1);
    expect(cache.get(-1)).toBe('hot');
  }
});
