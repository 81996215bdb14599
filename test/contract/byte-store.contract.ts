import { describe, expect, test } from 'vitest';
import { changesContract } from './byte-store-changes.contract.ts';
import { httpContract } from './byte-store-http.contract.ts';
import { listContract } from './byte-store-list.contract.ts';
import { multipartContract } from './byte-store-multipart.contract.ts';
import { uploadContract } from './byte-store-upload.contract.ts';
import { bytesOf, type ContractOptions, type CreateStore, textOf, versionOf } from './byte-store-values.ts';

/** What every ByteStore must do, whatever is behind it. */
export function byteStoreContract(name: string, create: CreateStore, options: ContractOptions = {}): void {
  describe(`${name} as a byte store`, () => {
    readContract(create);
    changesContract(create, options);
    listContract(create);
    keyContract(create);
    uploadContract(create);
    if (options.isReadOverHttp) {
      httpContract(create);
      multipartContract(create);
    }
  });
}

function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
}

function readContract(create: CreateStore): void {
  describe('reading', () => {
    const conditions = [
      ['immutable', { immutable: true }],
      ['mutable', { ifAbsent: true }],
    ] as const;

    test('an object that was never written is absent', async () => {
      const store = await create();
      expect(await store.get('packs/none/p.pack')).toEqual({ kind: 'absent' });
      expect(await store.get('none', { ifNoneMatch: 'x', range: { start: 0, end: 4 } })).toEqual({
        kind: 'absent',
      });
    });

    test('the folder of an object is not an object', async () => {
      const store = await create();
      await store.put('a/b/c', [bytesOf('x')], { immutable: true });
      expect(await store.get('a/b')).toEqual({ kind: 'absent' });
      expect(await store.get('a/b/c/d')).toEqual({ kind: 'absent' });
    });

    test.each(conditions)('an %s object comes back as it was written', async (_, condition) => {
      const store = await create();
      const version = versionOf(await store.put('k/a', [bytesOf('hello')], condition));
      expect(await store.get('k/a')).toEqual({ kind: 'found', bytes: bytesOf('hello'), version, size: 5 });
    });

    test.each(conditions)('an empty %s object is found', async (_, condition) => {
      const store = await create();
      await store.put('k/a', [], condition);
      await store.put('k/b', [Buffer.alloc(0), Buffer.alloc(0)], condition);
      expect(await store.get('k/a')).toMatchObject({ kind: 'found', size: 0, bytes: Buffer.alloc(0) });
      expect(await store.get('k/b')).toMatchObject({ kind: 'found', size: 0 });
    });

    test.each(conditions)(
      'the parts of an %s body are written in order, however many',
      async (_, condition) => {
        const store = await create();
        const whole = pattern(30_000);
        const parts = Array.from({ length: 6000 }, (_, index) => whole.subarray(index * 5, index * 5 + 5));
        parts.splice(100, 0, Buffer.alloc(0), Buffer.alloc(0));
        await store.put('k/a', parts, condition);
        expect(await store.get('k/a')).toMatchObject({ bytes: whole, size: 30_000 });
      },
    );

    test.each(conditions)('a large %s body is written completely', async (_, condition) => {
      const store = await create();
      const half = pattern(5 * 1024 * 1024 + 3);
      await store.put('k/a', [half, half], condition);
      const outcome = await store.get('k/a');
      if (outcome.kind !== 'found') throw new Error(outcome.kind);
      expect(outcome.bytes.equals(Buffer.concat([half, half]))).toBe(true);
    });

    test.each([
      [{ start: 0, end: 10 }, 0, 10],
      [{ start: 990, end: 1000 }, 990, 1000],
      [{ start: 500 }, 500, 1000],
      [{ start: 0 }, 0, 1000],
      [{ start: 7, end: 7 }, 7, 7],
      [{ start: 990, end: 5000 }, 990, 1000],
      [{ start: 1000, end: 1010 }, 1000, 1000],
      [{ start: 2000 }, 1000, 1000],
      [{ start: 2000, end: 2010 }, 1000, 1000],
      [{ start: -4 }, 996, 1000],
      [{ start: -1000 }, 0, 1000],
      [{ start: -5000 }, 0, 1000],
    ])('the range %j gives the bytes %i to %i of 1,000', async (range, start, end) => {
      const store = await create();
      const whole = pattern(1000);
      await store.put('k/immutable', [whole], { immutable: true });
      await store.put('k/mutable', [whole], { ifAbsent: true });
      for (const key of ['k/immutable', 'k/mutable']) {
        const outcome = await store.get(key, { range });
        expect(outcome).toMatchObject({ kind: 'found', size: 1000, bytes: whole.subarray(start, end) });
      }
    });

    test.each([[{ start: 0 }], [{ start: 0, end: 5 }], [{ start: -5 }]])(
      'the range %j of an empty object is empty',
      async range => {
        const store = await create();
        await store.put('k', [], { ifAbsent: true });
        expect(await store.get('k', { range })).toMatchObject({
          kind: 'found',
          size: 0,
          bytes: Buffer.alloc(0),
        });
      },
    );

    test.each(conditions)('an unchanged %s object is not transferred again', async (_, condition) => {
      const store = await create();
      const version = versionOf(await store.put('k', [bytesOf('one')], condition));
      expect(await store.get('k', { ifNoneMatch: version })).toEqual({ kind: 'unchanged' });
      expect(await store.get('k', { ifNoneMatch: version, range: { start: 1 } })).toEqual({
        kind: 'unchanged',
      });
      expect(await store.get('k', { ifNoneMatch: `${version}0` })).toMatchObject({ kind: 'found', version });
    });

    test('a changed object is transferred', async () => {
      const store = await create();
      const first = versionOf(await store.put('k', [bytesOf('one')], { ifAbsent: true }));
      const second = versionOf(await store.put('k', [bytesOf('two')], { ifMatch: first }));
      expect(await store.get('k', { ifNoneMatch: first })).toMatchObject({
        kind: 'found',
        version: second,
        bytes: bytesOf('two'),
      });
    });

    test('the store keeps no reference to what it is given and gives away none to what it keeps', async () => {
      const store = await create();
      const given = bytesOf('abc');
      await store.put('k', [given], { ifAbsent: true });
      given.fill(0);
      const outcome = await store.get('k');
      if (outcome.kind !== 'found') throw new Error(outcome.kind);
      outcome.bytes.fill(0);
      expect(await textOf(store, 'k')).toBe('abc');
    });

    test('the store leaves the body as it is', async () => {
      const store = await create();
      const body = [bytesOf('ab'), bytesOf(''), bytesOf('cd')];
      await store.put('k', body, { ifAbsent: true });
      expect(body).toEqual([bytesOf('ab'), bytesOf(''), bytesOf('cd')]);
    });
  });
}

function keyContract(create: CreateStore): void {
  describe('keys', () => {
    const bad = [
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/./b',
      'a\0b',
      'a\\b',
      'a~',
      '~tmp/a',
      'é',
      'a b',
      'a\n',
      'x'.repeat(241),
      `${'a/'.repeat(500)}b`,
    ];

    test.each(bad)('%j is refused by every call', async key => {
      const store = await create();
      const refusal = { code: 'storage_key_invalid' };
      await expect(store.get(key)).rejects.toMatchObject(refusal);
      for (const condition of [{ immutable: true }, { ifAbsent: true }, { ifMatch: 'x' }] as const) {
        await expect(store.put(key, [bytesOf('x')], condition)).rejects.toMatchObject(refusal);
      }
      await expect(store.delete([key])).rejects.toMatchObject(refusal);
      expect((await store.list('')).objects).toEqual([]);
    });

    test.each(['/', '/a', '../', 'a/../b', 'a//', 'a\0', 'é'])('the prefix %j is refused', async prefix => {
      const store = await create();
      await expect(store.list(prefix)).rejects.toMatchObject({ code: 'storage_key_invalid' });
    });

    test.each(['a', '...', '.git', 'a.b-c_d', "!#$%&'()+,;=@", 'x'.repeat(240), 'A/B/c/D'])(
      '%j is a key',
      async key => {
        const store = await create();
        await store.put(key, [bytesOf(key)], { ifAbsent: true });
        expect(await textOf(store, key)).toBe(key);
        expect((await store.list('')).objects.map(object => object.key)).toEqual([key]);
      },
    );

    test('a call that was given up before it began does not pretend to know', async () => {
      const store = await create();
      const signal = AbortSignal.abort();
      await expect(store.get('k', { signal })).rejects.toThrow();
      await expect(store.list('', { signal })).rejects.toThrow();
      await expect(store.delete(['k'], { signal })).rejects.toThrow();
      expect(await store.put('k', [bytesOf('x')], { ifAbsent: true }, { signal })).toMatchObject({
        kind: 'unknown',
      });
    });
  });
}
