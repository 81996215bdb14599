import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openLocalFile } from '../../../src/import/source/bytes/local-file.ts';
import { openStoredFile } from '../../../src/import/source/bytes/stored-file.ts';
import { openTable, type TableOptions } from '../../../src/import/source/open-source.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { byRow, memoryFile, readThrough } from './memory-file.ts';

async function read(bytes: string | Uint8Array, options?: TableOptions) {
  return byRow(await readThrough(await openTable(memoryFile(bytes), options)));
}

const TEXT = 'päth,b\nä€😀,2\n';
const ROWS = { 1: { päth: 'ä€😀', b: '2' } };

function utf16(text: string, isBig: boolean): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
}

describe('the encoding of a source', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT), {}],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), {}],
    ['UTF-16 LE', utf16(TEXT, false), {}],
    ['UTF-16 BE', utf16(TEXT, true), {}],
    ['UTF-16 LE, whatever is said', utf16(TEXT, false), { encoding: 'windows-1252' }],
  ])('is told: %s', async (_, bytes, options) => {
    expect(await read(bytes, options)).toEqual(ROWS);
    expect(await read(gzipSync(bytes), options)).toEqual(ROWS);
  });

  it('may be named', async () => {
    const bytes = Buffer.from('p\xe4th,b\n\xfc,\x80\n', 'latin1');
    expect(await read(bytes, { encoding: 'latin1' })).toEqual({ 1: { päth: 'ü', b: '€' } });
    await expect(read(bytes, { encoding: 'klingon' })).rejects.toMatchObject({ code: 'encoding_invalid' });
  });

  it.each([
    ['in the header', 'a,\xff\n1,2\n', 2],
    ['in a row', `a,b\n${'1,ä\n'.repeat(3)}1,\xc3(\n`, 21],
    ['far behind', `a,b\n${'1,2\n'.repeat(500_000)}1,\xff\n`, 2_000_006],
    ['at the end', 'a,b\n1,\xe2\x82', 6],
  ])('is refused with the position of what is no UTF-8 %s', async (_, text, byte) => {
    const bytes = Buffer.concat([...text].map(char => Buffer.from(char, char === 'ä' ? 'utf8' : 'latin1')));
    const reading = read(bytes);
    await expect(reading).rejects.toMatchObject({ code: 'encoding_invalid', data: { byte } });
  });

  it('is refused where UTF-16 is cut in the middle of a character', async () => {
    await expect(read(utf16(TEXT, false).subarray(0, -1))).rejects.toMatchObject({
      code: 'encoding_invalid',
    });
  });
});

describe('a source in gzip', () => {
  const text = `a,b\n${Array.from({ length: 20_000 }, (_, n) => `${n},${(n * 7919) % 10_007}\n`).join('')}`;

  it('is read through, of several members too', async () => {
    const middle = text.indexOf('\n', text.length / 2) - 1;
    const packed = Buffer.concat([gzipSync(text.slice(0, middle)), gzipSync(text.slice(middle))]);
    expect(await read(packed)).toEqual(await read(text));
  });

  it('is refused with the byte when it is cut', async () => {
    const packed = gzipSync(text);
    for (const share of [0.1, 0.5, 0.99]) {
      const cut = packed.subarray(0, Math.floor(packed.length * share));
      await expect(read(cut)).rejects.toMatchObject({
        code: 'source_corrupt',
        message: expect.stringMatching(/ends too early \(gzip, read up to byte \d+ of \d+\)/),
      });
    }
  });

  it('is refused when it is damaged', async () => {
    const packed = gzipSync(text);
    packed.fill(0xff, 20_000, 20_020);
    await expect(read(packed)).rejects.toMatchObject({ code: 'source_corrupt' });
  });

  it('is refused when it grows out of bounds', async () => {
    const packed = gzipSync(`a\n${'x'.repeat(5_000_000)}\n`);
    await expect(read(packed, { ratioFromBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'source_unsafe',
    });
    await expect(read(packed, { maxUnpackedBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'source_unsafe',
    });
    expect(await read(packed)).toEqual({ 1: { a: 'x'.repeat(5_000_000) } });
  });
});

describe('a stored source', () => {
  it('is read over all of its objects, and refused when one is replaced', async () => {
    const store = createMemoryByteStore();
    const text = `a,b\n${'1,2\n'.repeat(1000)}`;
    const keys = ['s/1', 's/2', 's/3'];
    for (const [n, key] of keys.entries()) {
      const part = text.slice((n * text.length) / 3, ((n + 1) * text.length) / 3);
      await store.put(key, [Buffer.from(part)], { ifAbsent: true });
    }
    const file = await openStoredFile({ store, keys, name: 'table.csv' });
    expect(file.size).toBe(text.length);
    expect(Buffer.concat([await file.read(1300, 1400), await file.read(1400, 9000)]).toString()).toBe(
      text.slice(1300),
    );
    expect((await readThrough(await openTable(file))).rows).toHaveLength(1000);
    await store.delete(['s/2']);
    await store.put('s/2', [Buffer.from('x'.repeat(1334))], { ifAbsent: true });
    const reading = openTable(file).then(source => readThrough(source));
    await expect(reading).rejects.toMatchObject({ code: 'source_replaced' });
    await expect(openStoredFile({ store, keys: ['s/9'], name: 'x' })).rejects.toMatchObject({
      code: 'source_replaced',
    });
  });
});

describe('a local source', () => {
  it('is refused when it is missing, and when it became shorter', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kittiwake-test-'));
    const path = join(folder, 'a.csv');
    await expect(openLocalFile(path)).rejects.toMatchObject({ code: 'source_missing' });
    await writeFile(path, 'a,b\n1,2\n');
    const file = await openLocalFile(path);
    try {
      expect(String(await file.read(4, 100))).toBe('1,2\n');
      await truncate(path, 4);
      await expect(file.read(0, 8)).rejects.toMatchObject({ code: 'source_replaced' });
    } finally {
      await file.close();
      await rm(folder, { recursive: true });
    }
  });
});
