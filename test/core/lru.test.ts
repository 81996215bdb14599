import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lru } from '../../src/core/lru.ts';

/** The same cache in the plainest way: a list, what was used last at its end. */
class ListLru {
  #list: { key: number; weight: number }[] = [];
  readonly #maxWeight: number;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get keys(): number[] {
    return this.#list.map(each => each.key);
  }

  use(key: number): void {
    const found = this.#list.find(each => each.key === key);
    if (found) this.#list = [...this.#list.filter(each => each !== found), found];
  }

  set(key: number, weight: number): void {
    this.delete(key);
    if (weight > this.#maxWeight) return;
    this.#list.push({ key, weight });
    while (this.#list.reduce((sum, each) => sum + each.weight, 0) > this.#maxWeight) this.#list.shift();
  }

  delete(key: number): void {
    this.#list = this.#list.filter(each => each.key !== key);
  }

  clear(): void {
    this.#list = [];
  }
}

it('forgets what was used longest ago, whatever was used, replaced, deleted or cleared before', () => {
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
