import { expect, it } from 'vitest';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import type { CreateStore } from './byte-store-values.ts';

const http = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'public, max-age=60',
  'content-disposition': 'attachment',
};

/** Of stores that others can read over HTTP. */
export function httpContract(create: CreateStore): void {
  it('answers others with the headers that an object was written with', async () => {
    const store = await create();
    const made = await store.put('k/page', [Buffer.from('one')], { ifAbsent: true }, { http });
    expect(await headersOf(store, 'k/page')).toMatchObject(http);
    const version = made.kind === 'stored' ? made.version : '';
    const changed = { ...http, 'cache-control': 'no-store' };
    await store.put('k/page', [Buffer.from('two')], { ifMatch: version }, { http: changed });
    expect(await headersOf(store, 'k/page')).toMatchObject(changed);
  });

  it('answers others with the headers of an upload, in one part and in many', async () => {
    const store = await create();
    await store.upload('k/small', parts(1), { http });
    await store.upload('k/large', parts(9), { http });
    expect(await headersOf(store, 'k/small')).toMatchObject(http);
    expect(await headersOf(store, 'k/large')).toMatchObject(http);
  });
}

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < count; part += 1) yield Buffer.alloc(1024 * 1024, part);
}

async function headersOf(store: ByteStore, key: string): Promise<Record<string, string>> {
  const presigned = await store.presign?.({ method: 'GET', key, expiresInSeconds: 60 });
  if (presigned === undefined) throw new Error('Presigning: the store cannot');
  const answer = await fetch(presigned.url, { headers: { ...presigned.headers } });
  await answer.arrayBuffer();
  const names = ['content-type', 'cache-control', 'content-disposition'];
  return Object.fromEntries(names.map(name => [name, answer.headers.get(name) ?? '']));
}
