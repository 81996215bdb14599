import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashBody, PayloadHashes } from '../../src/storage/s3/payload-hash.ts';
import { created, putText, servedStore } from './s3-support.ts';

function sha256(body: readonly Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(body)).digest('hex');
}

describe('the hash of a body', () => {
  test('is that of all its bytes, however the bodies of its key follow each other', () => {
    const parts = Array.from({ length: 6 }, (_, index) => Buffer.from(`part ${index}`));
    const body = fc.array(fc.constantFrom(...parts), { maxLength: 6 });
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), body });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const hashes = new PayloadHashes();
        for (const { key, body } of steps) expect(hashes.of(key, body)).toBe(sha256(body));
      }),
    );
  });

  test('reads nothing again of a body that only grew', () => {
    const hashes = new PayloadHashes();
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    hashes.of('k', [first, Buffer.from('tail')]);
    const unread = Buffer.from('first');
    // What it holds now would be hashed if it were read again.
    first.fill(0);
    const hash = hashes.of('k', [first, second, Buffer.from('another tail')]);
    expect(hash).toBe(sha256([unread, second, Buffer.from('another tail')]));
  });

  test('reads a part again that is equal but not the same', () => {
    const hashes = new PayloadHashes();
    const first = Buffer.from('first');
    hashes.of('k', [first, Buffer.from('tail')]);
    first.fill(0);
    const body = [Buffer.from('first'), Buffer.from('tail')];
    expect(hashes.of('k', body)).toBe(sha256(body));
  });

  test('without a key is that of all its bytes', () => {
    expect(hashBody([])).toBe(sha256([]));
    expect(hashBody([Buffer.from('a'), Buffer.from('b')])).toBe(sha256([Buffer.from('ab')]));
  });
});

test('a put after one whose hash was wrong is right again', async () => {
  const { store } = await servedStore();
  await created(store);
  const [growing, tail] = [Buffer.from('growing'), Buffer.from('tail')];
  await store.put('l', [growing, tail], { ifAbsent: true });
  growing.fill(0);
  const wrong = store.put('l', [growing, tail, tail], { ifAbsent: true });
  await expect(wrong).rejects.toMatchObject({ code: 'storage_failed' });
  const right = store.put('l', [growing, tail, tail], { ifAbsent: true });
  expect(await right).toEqual({ kind: 'conflict', reason: 'exists' });
  expect(await putText(store, 'x', { ifAbsent: true })).toMatchObject({ kind: 'conflict' });
});
