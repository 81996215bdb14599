import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { deltaFromEdits } from '../../src/git/pack/delta.ts';
import { encodeEntryHeader, type PackEntry } from '../../src/git/pack/pack-entry.ts';
import { encodeIndex, PackIndex } from '../../src/git/pack/pack-index.ts';
import { mergePacks } from '../../src/git/pack/pack-merge.ts';
import { decodeWhole } from '../../src/git/pack/pack-reader.ts';
import { indexPack, scanPack } from '../../src/git/pack/pack-scan.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { histories, packOf, readerOf, resealed } from './pack-support.ts';

const corrupt = expect.objectContaining({ code: 'pack_corrupt' });
const indexCorrupt = expect.objectContaining({ code: 'pack_index_corrupt' });
const example = packOf(fc.sample(histories, { numRuns: 20, seed: 9 }).find(each => each.length > 8) ?? []);
const pack = Buffer.concat(example.built.pack);
const index = PackIndex.parse(example.built.index);
const LIMIT = { maxObjectBytes: 1 << 20 };

const damages = (length: number) =>
  fc.array(fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });

function damagedCopy(bytes: Buffer, damage: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, flip] of damage) copy[at] = (copy[at] ?? 0) ^ flip;
  return copy;
}

/** Runs `read`; whatever it throws must be an error of ours. */
async function onlyClearErrors(read: () => unknown): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    expect(error.code).toMatch(/^(pack_corrupt|pack_index_corrupt|delta_corrupt|object_corrupt)$/);
    return false;
  }
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

/** A pack of entries given raw: header and what follows it. */
function rawPack(entries: readonly Buffer[]): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(entries.length, 8);
  return resealed(Buffer.concat([header, ...entries, Buffer.alloc(20)]));
}

function indexOf(entries: readonly { oid: string; offset: number }[], bytes: Buffer): PackIndex {
  const full = entries.map((each): PackEntry => ({ ...each, length: 0, crc: 0, type: 'blob' }));
  return PackIndex.parse(encodeIndex(full, bytes.subarray(-20)));
}

describe('a damaged pack', () => {
  it('is noticed by its checksum', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = damagedCopy(pack, [[at, flip]]);
        expect(await onlyClearErrors(() => indexPack(damaged, LIMIT))).toBe(false);
        expect(await onlyClearErrors(() => drain(scanPack(inPieces(damaged, 97), LIMIT)))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('whose checksum was made to fit ends in a clear error or in objects that have other ids', async () => {
    const oids = [...index.oids()];
    await fc.assert(
      fc.asyncProperty(damages(pack.length - 20), async damage => {
        const damaged = resealed(damagedCopy(pack, damage));
        await onlyClearErrors(() => indexPack(damaged, LIMIT));
        await onlyClearErrors(() => drain(scanPack(inPieces(damaged, 131), LIMIT)));
        const reader = readerOf(damaged, index, { ...LIMIT, verify: true });
        for (const oid of oids) {
          await onlyClearErrors(async () =>
            expect(await reader.object(oid)).toEqual(example.objects.get(oid)),
          );
          await onlyClearErrors(() => reader.header(oid));
        }
        await onlyClearErrors(() => mergePacks([{ pack: damaged, index }]));
      }),
      { numRuns: 150 },
    );
  });

  it('that is cut off at any byte is refused by every way of reading', async () => {
    for (let length = 0; length < pack.length; length += 7) {
      const cut = pack.subarray(0, length);
      expect(() => indexPack(cut)).toThrow(corrupt);
      await expect(drain(scanPack(inPieces(cut, 50)))).rejects.toThrow(corrupt);
      await expect(drain(scanPack(inPieces(length > 20 ? resealed(cut) : cut, 50)))).rejects.toThrow(corrupt);
      expect(() => mergePacks([{ pack: cut, index }])).toThrow(corrupt);
    }
    await expect(readerOf(pack, index).objectAt(13)).rejects.toThrow('no object begins at byte 13');
    const last = example.built.entries.at(-1);
    await expect(readerOf(pack.subarray(0, -30), index).object(last?.oid ?? '')).rejects.toThrow(corrupt);
  });

  it('that is followed by other bytes is refused', async () => {
    const longer = Buffer.concat([pack, Buffer.from('x')]);
    expect(() => indexPack(longer)).toThrow(corrupt);
    await expect(drain(scanPack(inPieces(longer, 1_000)))).rejects.toThrow(corrupt);
    const inside = resealed(Buffer.concat([pack.subarray(0, -20), Buffer.from('xyz'), Buffer.alloc(20)]));
    expect(() => indexPack(inside)).toThrow(corrupt);
  });

  it('is refused when it promises other than it holds', () => {
    const header = (change: (bytes: Buffer) => void) => {
      const copy = Buffer.from(pack);
      change(copy);
      return resealed(copy);
    };
    for (const wrong of [
      header(bytes => bytes.write('KCAP')),
      header(bytes => bytes.writeUInt32BE(4, 4)),
      header(bytes => bytes.writeUInt32BE(bytes.readUInt32BE(8) + 1, 8)),
      header(bytes => bytes.writeUInt32BE(bytes.readUInt32BE(8) - 1, 8)),
      header(bytes => bytes.writeUInt32BE(0xffffffff, 8)),
    ]) {
      expect(() => indexPack(wrong)).toThrow(corrupt);
    }
  });
});

describe('a hostile pack', () => {
  const bomb = deflateSync(Buffer.alloc(64 << 20));

  it('with an entry that inflates to more than it says is refused', async () => {
    const entry = Buffer.concat([encodeEntryHeader('blob', 10), bomb]);
    expect(() => decodeWhole(entry)).toThrow(corrupt);
    expect(() => indexPack(rawPack([entry]))).toThrow(corrupt);
    await expect(drain(scanPack(inPieces(rawPack([entry]), 999)))).rejects.toThrow(corrupt);
  });

  it('with an entry above the limit is refused before it is inflated', async () => {
    const entry = Buffer.concat([encodeEntryHeader('blob', 64 << 20), bomb]);
    expect(() => decodeWhole(entry, 1 << 20)).toThrow(corrupt);
    expect(() => indexPack(rawPack([entry]), LIMIT)).toThrow(corrupt);
    await expect(drain(scanPack(inPieces(rawPack([entry]), 999), LIMIT))).rejects.toThrow(corrupt);
    const bytes = rawPack([entry]);
    const listed = indexOf([{ oid: 'a'.repeat(40), offset: 12 }], bytes);
    await expect(readerOf(bytes, listed, LIMIT).object('a'.repeat(40))).rejects.toThrow(corrupt);
  });

  it('with an entry that promises what so few bytes cannot hold takes no memory for it', () => {
    for (const size of [2 ** 27, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const entry = Buffer.concat([encodeEntryHeader('blob', size), deflateSync(Buffer.from('x'))]);
      expect(() => decodeWhole(entry)).toThrow(corrupt);
      expect(() => indexPack(rawPack([entry]))).toThrow(corrupt);
    }
    expect(() => decodeWhole(Buffer.alloc(30, 0xff))).toThrow(corrupt);
  });

  it('with a stream that never yields anything is refused while it is read', async () => {
    const emptyBlocks = Buffer.concat([
      Buffer.from([0x78, 0x01]),
      Buffer.alloc(16 << 20, Buffer.from([0, 0, 0, 0xff, 0xff])),
    ]);
    const endless = rawPack([Buffer.concat([encodeEntryHeader('blob', 10), emptyBlocks])]);
    let pieces = 0;
    const counted = async function* () {
      for await (const piece of inPieces(endless, 4_096)) {
        pieces += 1;
        yield piece;
      }
    };
    await expect(drain(scanPack(counted()))).rejects.toThrow(corrupt);
    expect(pieces * 4_096).toBeLessThan(endless.length / 4);
  });

  it('with a delta that makes a huge object of little is refused', async () => {
    const base = Buffer.alloc(1 << 16, 1);
    const copies = Array.from({ length: 1_000 }, () => ({ copy: [0, 1 << 16] as const }));
    const writer = new PackWriter();
    const baseOid = hashObject('blob', base);
    writer.add('blob', baseOid, base);
    writer.addDelta(baseOid, 'b'.repeat(40), deltaFromEdits(1 << 16, copies, 1_000 << 16));
    const built = writer.finish();
    const bytes = Buffer.concat(built.pack);
    const tooLarge = expect.objectContaining({ code: 'delta_corrupt' });
    expect(() => indexPack(bytes, LIMIT)).toThrow(tooLarge);
    await expect(readerOf(bytes, PackIndex.parse(built.index), LIMIT).object('b'.repeat(40))).rejects.toThrow(
      tooLarge,
    );
  });

  it('with deltas based on each other, on nothing or on themselves is refused', async () => {
    const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
    const delta = deflateSync(deltaFromEdits(1, [{ copy: [0, 1] }], 1));
    const refDelta = (base: string) =>
      Buffer.concat([Buffer.from([0x70 | 4]), Buffer.from(base, 'hex'), delta]);
    const first = refDelta(b);
    const circle = rawPack([first, refDelta(a)]);
    const listed = indexOf(
      [
        { oid: a, offset: 12 },
        { oid: b, offset: 12 + first.length },
      ],
      circle,
    );
    const inCircles = readerOf(circle, listed);
    await expect(inCircles.object(a)).rejects.toThrow(corrupt);
    expect(inCircles.reads.length).toBeLessThan(5_000);
    await expect(readerOf(circle, listed).header(a)).rejects.toThrow(corrupt);
    expect(() => indexPack(circle)).toThrow(corrupt);
    const far = rawPack([Buffer.concat([encodeEntryHeader('ofs-delta', 4, 1_000), delta])]);
    const farIndex = indexOf([{ oid: a, offset: 12 }], far);
    await expect(readerOf(far, farIndex).object(a)).rejects.toThrow(corrupt);
    expect(() => indexPack(far)).toThrow(corrupt);
    expect(() => indexPack(rawPack([Buffer.concat([Buffer.from([0x64, 0]), delta])]))).toThrow(corrupt);
    expect(() => decodeWhole(first)).toThrow(corrupt);
  });

  it('with an entry of no known type is refused', () => {
    for (const type of [0, 5]) {
      const entry = Buffer.concat([Buffer.from([(type << 4) | 1]), deflateSync(Buffer.from('x'))]);
      expect(() => decodeWhole(entry)).toThrow(corrupt);
      expect(() => indexPack(rawPack([entry]))).toThrow(corrupt);
    }
  });
});

describe('a damaged index', () => {
  const bytes = example.built.index;

  it('is noticed by its checksum', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(() => PackIndex.parse(damagedCopy(bytes, [[at, flip]]))).toThrow(indexCorrupt);
      }),
      { numRuns: 300 },
    );
  });

  it('whose checksum was made to fit leads to a clear error or to nothing', async () => {
    const oids = [...example.objects.keys()];
    await fc.assert(
      fc.asyncProperty(damages(bytes.length - 20), async damage => {
        const damaged = resealed(damagedCopy(bytes, damage));
        await onlyClearErrors(async () => {
          const parsed = PackIndex.parse(damaged);
          const reader = readerOf(pack, parsed, { ...LIMIT, verify: true });
          parsed.resolve('a', 5);
          for (const oid of oids) await onlyClearErrors(() => reader.object(oid));
          mergePacks([{ pack, index: parsed }]);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('that is cut off at any byte is refused', () => {
    for (let length = 0; length < bytes.length; length += 11) {
      const cut = bytes.subarray(0, length);
      expect(() => PackIndex.parse(cut)).toThrow(indexCorrupt);
      if (length > 20) expect(() => PackIndex.parse(resealed(cut))).toThrow(indexCorrupt);
    }
  });

  it.each([
    [
      'a number of objects that does not fit its length',
      (copy: Buffer) => copy.writeUInt32BE(0xffffffff, 8 + 255 * 4),
    ],
    ['a fan-out that goes back', (copy: Buffer) => copy.writeUInt32BE(0xffff, 8)],
    ['version 1', (copy: Buffer) => copy.writeUInt32BE(1, 4)],
    ['another magic number', (copy: Buffer) => copy.writeUInt32BE(1, 0)],
    ['an offset into a table it lacks', (copy: Buffer) => copy.writeUInt32BE(0x80000005, copy.length - 44)],
  ])('with %s is refused', (_, change) => {
    const copy = Buffer.from(bytes);
    change(copy);
    expect(() => PackIndex.parse(resealed(copy))).toThrow(indexCorrupt);
  });
});
