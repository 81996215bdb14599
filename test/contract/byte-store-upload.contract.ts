import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bytesOf, type CreateStore, textOf } from './byte-store-values.ts';

const MiB = 1024 * 1024;

/** Objects of unknown length. */
export function uploadContract(create: CreateStore): void {
  describe('uploading', () => {
    test('chunks of any size become one object', async () => {
      const store = await create();
      const texts = ['', 'one ', '', 'two ', 'x'.repeat(70_000), ' three'];
      const whole = texts.join('');
      expect(await store.upload('p/a', chunksOf(texts.map(bytesOf)))).toEqual({ size: whole.length });
      expect(await textOf(store, 'p/a')).toBe(whole);
      expect((await store.list('')).objects).toMatchObject([{ key: 'p/a', size: whole.length }]);
    });

    test('no chunks are an empty object', async () => {
      const store = await create();
      expect(await store.upload('p/a', chunksOf([]))).toEqual({ size: 0 });
      expect(await store.get('p/a')).toMatchObject({ kind: 'found', size: 0 });
    });

    test.each([8 * MiB, 8 * MiB + 1, 20 * MiB + 7])('%i bytes come back as they were', async size => {
      const store = await create();
      const whole = Buffer.alloc(size, 'not the same in every part of it');
      for (let at = 0; at < size; at += MiB) whole.writeUInt32BE(at, Math.min(at, size - 4));
      const chunks = [];
      for (let at = 0; at < size; at += 3_000_001) chunks.push(whole.subarray(at, at + 3_000_001));
      expect(await store.upload('p/a', chunksOf(chunks))).toEqual({ size });
      const outcome = await store.get('p/a');
      if (outcome.kind !== 'found') throw new Error(outcome.kind);
      expect(outcome.bytes.equals(whole)).toBe(true);
      expect(await store.get('p/a', { range: { start: -9 } })).toMatchObject({
        bytes: whole.subarray(-9),
        size,
      });
    });

    test('the same bytes may be uploaded again', async () => {
      const store = await create();
      await store.upload('p/a', chunksOf([bytesOf('same')]));
      await store.upload('p/a', chunksOf([bytesOf('sa'), bytesOf('me')]));
      expect(await textOf(store, 'p/a')).toBe('same');
    });

    test.each([10, 20 * MiB])('nothing is there when the chunks fail after %i bytes', async size => {
      const store = await create();
      const failing = (async function* () {
        yield Buffer.alloc(size);
        await turn();
        throw new Error('the source broke');
      })();
      await expect(store.upload('p/a', failing)).rejects.toThrow('the source broke');
      expect(await store.get('p/a')).toEqual({ kind: 'absent' });
      expect((await store.list('')).objects).toEqual([]);
    });

    test('nothing is there when the caller gives up', async () => {
      const store = await create();
      const giveUp = new AbortController();
      const endless = (async function* () {
        for (let count = 0; ; count += 1) {
          if (count === 20) giveUp.abort();
          yield Buffer.alloc(MiB);
        }
      })();
      const upload = store.upload('p/a', endless, { signal: giveUp.signal });
      await expect(upload).rejects.toMatchObject({ code: 'storage_failed' });
      expect(await store.get('p/a')).toEqual({ kind: 'absent' });
    });

    test('a bad key is refused', async () => {
      const store = await create();
      await expect(store.upload('a//b', chunksOf([]))).rejects.toMatchObject({ code: 'storage_key_invalid' });
    });
  });
}

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await turn();
    yield chunk;
  }
}
