import { describe, expect, test } from 'vitest';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { bytesOf, textOf } from '../contract/byte-store-values.ts';
import { fastFolder } from './temporary-folder.ts';
import { WriterProcess } from './writer-process.ts';

const key = 'ledger/wiki';

describe('several processes on one folder', () => {
  test('swaps by 4 processes are all in the history, each once', async () => {
    const folder = fastFolder();
    const store = createDiskByteStore({ folder });
    await store.put(key, [bytesOf('start')], { ifAbsent: true });
    const writers = ['a', 'b', 'c', 'd'].map(
      writer => new WriterProcess({ kind: 'count', folder, key, writer, swaps: 60 }),
    );
    const said = (await Promise.all(writers.map(writer => writer.ended()))).flat();
    const history = (await textOf(store, key))?.split(' ').slice(1) ?? [];
    expect(said).toHaveLength(240);
    expect(history).toHaveLength(240);
    expect(new Set(history)).toEqual(new Set(said));
    for (const writer of ['a', 'b', 'c', 'd']) {
      const own = history.filter(text => text.startsWith(`${writer}.`));
      expect(own).toEqual(Array.from({ length: 60 }, (_, index) => `${writer}.${index}`));
    }
  });

  test('each object is created by one of 3 processes', async () => {
    const folder = fastFolder();
    const store = createDiskByteStore({ folder });
    const keys = Array.from({ length: 150 }, (_, index) => `documents/${index % 5}/${index}`);
    const names = ['a', 'b', 'c'];
    const writers = names.map(text => new WriterProcess({ kind: 'create', folder, keys, text }));
    const created = (await Promise.all(writers.map(writer => writer.ended()))) as string[][];
    expect(created.flat().sort()).toEqual([...keys].sort());
    for (const [index, own] of created.entries()) {
      for (const each of own) expect(await textOf(store, each)).toBe(names[index]);
    }
  });

  test('what a killed writer had acknowledged is there, complete, and others go on from it', async () => {
    const folder = fastFolder();
    const store = createDiskByteStore({ folder });
    await store.put(key, [bytesOf('0 ')], { ifAbsent: true });
    for (const acknowledgements of [1, 7, 20, 33, 50, 64]) {
      const writer = new WriterProcess({ kind: 'loop', folder, key, size: 200_000 });
      await writer.said(acknowledgements);
      writer.signal('SIGKILL');
      const last = Number((await writer.ended()).at(-1));
      const outcome = await store.get(key);
      if (outcome.kind !== 'found') throw new Error(outcome.kind);
      const number = Number(outcome.bytes.toString().split(' ', 1)[0]);
      expect([last, last + 1]).toContain(number);
      expect(outcome.bytes.equals(Buffer.alloc(200_000, `${number} `))).toBe(true);
    }
    await store.sweep(-1000);
    expect((await store.list('')).objects).toMatchObject([{ key, size: 200_000 }]);
  });
});
