import { describe, expect, test } from 'vitest';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { enableVersioning, rawServer } from '../support/s3-server.ts';
import { s3Store } from './s3-support.ts';

/** Swaps an object through these texts; resolves with its newest version. */
async function write(store: ByteStore, key: string, texts: readonly string[]): Promise<string> {
  let version = '';
  for (const text of texts) {
    const condition = version === '' ? { ifAbsent: true as const } : { ifMatch: version };
    const outcome = await store.put(key, [Buffer.from(text)], condition);
    if (outcome.kind !== 'stored') throw new Error(`writing "${key}": ${outcome.kind}`);
    version = outcome.version;
  }
  return version;
}

async function textsOf(store: ByteStore, key: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { id, isDeleted } of store.versions?.(key) ?? []) {
    const got = isDeleted ? undefined : await store.getVersion?.(key, id);
    texts.push(got?.kind === 'found' ? got.bytes.toString() : 'deleted');
  }
  return texts;
}

async function bucket(): Promise<ByteStore> {
  const { server, send } = await rawServer();
  await enableVersioning(send);
  return s3Store(server);
}

describe.for([
  ['a folder', async () => createDiskByteStore({ folder: temporaryFolder() })],
  ['a bucket', bucket],
] as const)('forgetting the versions of objects in %s', ([, open]) => {
  test('leaves the current ones, other objects as they are, and writers as they were', async () => {
    const store: ByteStore = await open();
    const version = await write(store, 'ledger/a', ['1', '2', '3']);
    await write(store, 'other/a', ['1', '2']);
    const before = await textsOf(store, 'other/a');
    expect(await textsOf(store, 'ledger/a')).toEqual(['3', '2', '1']);
    expect(await store.forgetVersions?.('ledger/')).toBe(2);
    expect(await textsOf(store, 'ledger/a')).toEqual(['3']);
    expect(await textsOf(store, 'other/a')).toEqual(before);
    expect(await store.put('ledger/a', [Buffer.from('4')], { ifMatch: version })).toMatchObject({
      kind: 'stored',
    });
    expect(await store.forgetVersions?.('none/')).toBe(0);
  });
});

test('of an object that was deleted in a bucket nothing is left but that', async () => {
  const store = await bucket();
  await write(store, 'packs/a', ['1']);
  await store.delete(['packs/a']);
  expect(await textsOf(store, 'packs/a')).toEqual(['deleted', '1']);
  expect(await store.forgetVersions?.('packs/')).toBe(1);
  expect(await textsOf(store, 'packs/a')).toEqual(['deleted']);
});
