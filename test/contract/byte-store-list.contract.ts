import { describe, expect, test } from 'vitest';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { bytesOf, type CreateStore } from './byte-store-values.ts';

/** Everything that sorts differently by folders, by locale or without case. */
const keys = [
  'B',
  'Z/a',
  'b',
  'a-b',
  'a.b',
  'aB',
  'ab',
  'a0',
  'a/b/c',
  'a/b/d',
  'a/b.c',
  'a/b-c',
  'a/b0',
  'a1/x',
  'a1-/x',
  'a1./x',
  'a10/x',
  'ledger/1',
  'ledger/10',
  'ledger/2',
  'packs/1/a.idx',
  'packs/1/a.pack',
  'packs/10/a.pack',
  'packs/2/a.pack',
];

async function filled(create: CreateStore): Promise<ByteStore> {
  const store = await create();
  for (const [index, key] of keys.entries()) {
    await store.put(key, [bytesOf(key)], index % 2 === 0 ? { immutable: true } : { ifAbsent: true });
  }
  return store;
}

export function listContract(create: CreateStore): void {
  describe('listing', () => {
    const sorted = [...keys].sort();

    test('an empty store lists nothing', async () => {
      const store = await create();
      expect(await store.list('')).toEqual({ objects: [], more: false });
      expect(await store.list('a/b/')).toEqual({ objects: [], more: false });
    });

    test('keys come in code-unit order with their sizes', async () => {
      const store = await filled(create);
      const { objects, more } = await store.list('');
      expect(objects.map(object => object.key)).toEqual(sorted);
      expect(objects.map(object => object.size)).toEqual(sorted.map(key => key.length));
      for (const { modifiedMs } of objects) expect(modifiedMs).toBeGreaterThan(0);
      expect(more).toBe(false);
    });

    test('a prefix may end anywhere in a key', async () => {
      const store = await filled(create);
      for (const prefix of [
        '',
        'a',
        'a/',
        'a/b',
        'a/b/',
        'a1',
        'a1/',
        'a.',
        'ledger/1',
        'packs/1',
        'packs/1/',
        'packs/1/a.p',
        'B',
        'none',
        'none/',
        'B/',
        'a/b/c',
      ]) {
        const { objects } = await store.list(prefix);
        expect(objects.map(object => object.key)).toEqual(sorted.filter(key => key.startsWith(prefix)));
      }
    });

    test('listing goes on after any string', async () => {
      const store = await filled(create);
      for (const after of [
        ...keys,
        'a',
        'a/',
        'a/b',
        'a/b/',
        'a/b/cc',
        'packs/1/',
        'packs/',
        'packs',
        '',
        'zzz',
        'a1.',
        'a1/y',
      ]) {
        for (const prefix of ['', 'a', 'a/b', 'packs/']) {
          const { objects } = await store.list(prefix, { after });
          expect(objects.map(object => object.key)).toEqual(
            sorted.filter(key => key.startsWith(prefix) && key > after),
          );
        }
      }
    });

    test.each([1, 2, 3, 7, keys.length - 1, keys.length, keys.length + 1])(
      'pages of %i give every key once',
      async limit => {
        const store = await filled(create);
        const listed: string[] = [];
        for (let after = ''; ; ) {
          const { objects, more } = await store.list('', { after, limit });
          expect(objects.length).toBeLessThanOrEqual(limit);
          listed.push(...objects.map(object => object.key));
          expect(more).toBe(listed.length < keys.length);
          if (!more) break;
          after = listed.at(-1) ?? '';
        }
        expect(listed).toEqual(sorted);
      },
    );

    test('a changed object is listed once, with its current size', async () => {
      const store = await create();
      let outcome = await store.put('k', [bytesOf('x')], { ifAbsent: true });
      for (let size = 2; size <= 12; size += 1) {
        if (outcome.kind !== 'stored') throw new Error(outcome.kind);
        outcome = await store.put('k', [bytesOf('x'.repeat(size))], { ifMatch: outcome.version });
      }
      expect((await store.list('')).objects).toMatchObject([{ key: 'k', size: 12 }]);
    });
  });
}
