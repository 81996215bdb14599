import { describe, expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import type { Presigned } from '../../src/storage/byte-store.ts';
import { type CreateStore, textOf } from './byte-store-values.ts';

const MiB = 1024 * 1024;
const KEY = 'files/w/source';

/** Large objects that others send in parts. */
export function multipartContract(create: CreateStore): void {
  describe('sending in presigned parts', () => {
    async function begun() {
      const store = await create();
      const uploads = await store.multipart?.();
      if (uploads === undefined) throw new Error('the store takes no parts');
      const id = await uploads.begin(KEY);
      const presign = (number: number, sizeBytes: number): Promise<Presigned> =>
        uploads.presignPart({ key: KEY, id, number, sizeBytes, expiresInSeconds: 300 });
      return { store, uploads, id, presign };
    }

    test('parts that were sent become one object, in the order of their numbers', async () => {
      const { store, uploads, id, presign } = await begun();
      const last = await presign(2, 4);
      const first = await presign(1, 5 * MiB);
      expect((await send(last, Buffer.from('tail'))).status).toBe(200);
      expect((await send(first, Buffer.alloc(5 * MiB, 'a'))).status).toBe(200);
      const parts = (await uploads.parts(KEY, id)) ?? [];
      expect(parts.map(({ number, size }) => [number, size])).toEqual([
        [1, 5 * MiB],
        [2, 4],
      ]);
      expect(await store.get(KEY)).toEqual({ kind: 'absent' });
      await uploads.complete(KEY, id, parts.toReversed());
      await uploads.complete(KEY, id, parts);
      const tail = await store.get(KEY, { range: { start: -6 } });
      expect(tail).toMatchObject({ kind: 'found', bytes: Buffer.from('aatail'), size: 5 * MiB + 4 });
      expect(await uploads.parts(KEY, id)).toBeUndefined();
    });

    test('a part of another size is refused', async () => {
      const { uploads, id, presign } = await begun();
      const { url } = await presign(1, 4);
      const other = { url, headers: { 'content-length': '5' } };
      expect((await send(other, Buffer.from('large'))).status).toBe(403);
      expect(await uploads.parts(KEY, id)).toEqual([]);
    });

    test('what is aborted is gone, also twice, and cannot be completed', async () => {
      const { store, uploads, id, presign } = await begun();
      await send(await presign(1, 4), Buffer.from('some'));
      const parts = (await uploads.parts(KEY, id)) ?? [];
      await uploads.abort(KEY, id);
      await uploads.abort(KEY, id);
      expect(await uploads.parts(KEY, id)).toBeUndefined();
      const refused = await uploads.complete(KEY, id, parts).catch((error: unknown) => error);
      expect(isKittiwakeError(refused, 'storage_failed')).toBe(true);
      expect(await textOf(store, KEY)).toBeUndefined();
    });
  });
}

function send({ url, headers }: Pick<Presigned, 'url' | 'headers'>, bytes: Buffer): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
}
