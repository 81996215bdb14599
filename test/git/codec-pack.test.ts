import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import isomorphicGit from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { createDelta } from '../../src/git/pack/delta.ts';
import type { PackEntry } from '../../src/git/pack/pack-entry.ts';
import { encodeIndex, PackIndex } from '../../src/git/pack/pack-index.ts';
import { mergePacks } from '../../src/git/pack/pack-merge.ts';
import { decodeWhole } from '../../src/git/pack/pack-reader.ts';
import { indexPack, scanPack } from '../../src/git/pack/pack-scan.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { addPack, allObjects, bareRepository, git } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { histories, packOf, readerOf } from './pack-support.ts';

const examples = fc.sample(histories, { numRuns: 12, seed: 3 });
const headOf = (objects: Map<string, { type: string }>) =>
  [...objects].findLast(([, { type }]) => type === 'commit')?.[0] ?? '';

describe('a pack written here', () => {
  it('is accepted by git index-pack, verify-pack and fsck, with byte for byte the same index', ctx => {
    needs(ctx, 'git');
    for (const history of examples) {
      const folder = bareRepository();
      const { built, objects } = packOf(history);
      const path = addPack(folder, built.pack);
      git(folder, ['update-ref', 'refs/heads/main', headOf(objects)]);
      expect(readFileSync(path).equals(built.index)).toBe(true);
      expect(git(folder, ['fsck', '--full', '--strict']).toString()).toBe('');
      git(folder, ['verify-pack', '-v', path]);
      const read = allObjects(folder);
      expect(read.size).toBe(objects.size);
      for (const [oid, { type, bytes }] of objects) expect(read.get(oid)).toEqual({ type, bytes });
    }
  });

  it('is read by isomorphic-git', async ctx => {
    needs(ctx, 'git');
    const { built, objects } = packOf(examples.toSorted((a, b) => b.length - a.length)[0] ?? []);
    const gitdir = bareRepository();
    addPack(gitdir, built.pack);
    for (const [oid, { type, bytes }] of objects) {
      const {
        object,
        format,
        type: found,
      } = await isomorphicGit.readObject({ fs, gitdir, oid, format: 'content' });
      expect([format, found]).toEqual(['content', type]);
      expect(Buffer.from(object as Uint8Array).equals(bytes)).toBe(true);
    }
  });

  it('is read here object by object, by its place, and as a stream', async () => {
    const cuts = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(histories, cuts, async (history, cut) => {
        const { built, objects } = packOf(history);
        const pack = Buffer.concat(built.pack);
        const index = PackIndex.parse(built.index);
        const reader = readerOf(pack, index, { verify: true });
        for (const [oid, object] of objects) {
          expect(await reader.object(oid)).toEqual(object);
          expect(await reader.header(oid)).toEqual({ type: object.type, size: object.bytes.length });
          const place = built.place(oid);
          const entry = built.entries.find(each => each.oid === oid);
          expect(place === undefined).toBe(entry?.base !== undefined);
          if (!place) continue;
          const { offset, length } = place;
          expect(decodeWhole(pack.subarray(offset, offset + length))).toEqual(object);
          expect(await reader.objectAt(offset, { length })).toEqual(object);
        }
        expect(indexPack(pack)).toEqual(built.entries);
        const scanned: number[][] = [];
        const pieces = async function* () {
          for (let at = 0; at < pack.length; at += cut) yield pack.subarray(at, at + cut);
        };
        for await (const { offset, length, crc } of scanPack(pieces())) scanned.push([offset, length, crc]);
        expect(scanned).toEqual(built.entries.map(({ offset, length, crc }) => [offset, length, crc]));
      }),
      { numRuns: 60 },
    );
  });

  it('holds an object that is added twice once, and refuses a delta whose base it lacks', () => {
    const writer = new PackWriter();
    const oid = hashObject('blob', Buffer.from('x'));
    writer.add('blob', oid, Buffer.from('x'));
    writer.add('blob', oid, [Buffer.from('x')]);
    writer.addDeflated('blob', oid, 1, Buffer.alloc(3));
    writer.addDelta(oid, oid, Buffer.alloc(3));
    expect(writer.finish().entries).toHaveLength(1);
    const missing = expect.objectContaining({ code: 'object_missing' });
    expect(() => writer.addDelta('0'.repeat(40), '1'.repeat(40), Buffer.alloc(3))).toThrow(missing);
  });

  it('holds objects of every size class, and nothing at all', async ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    const writer = new PackWriter();
    const sizes = [
      0, 1, 15, 16, 99, 100, 101, 2_047, 2_048, 4_095, 4_097, 65_536, 65_537, 300_000, 3_000_000,
    ];
    const blobs = sizes.flatMap(size => [randomBytes(size), Buffer.alloc(size, 'text ')]);
    for (const bytes of blobs) writer.add('blob', hashObject('blob', bytes), bytes);
    const built = writer.finish();
    const path = addPack(folder, built.pack);
    expect(readFileSync(path).equals(built.index)).toBe(true);
    const reader = readerOf(Buffer.concat(built.pack), PackIndex.parse(built.index));
    for (const bytes of blobs)
      expect((await reader.object(hashObject('blob', bytes)))?.bytes.equals(bytes)).toBe(true);
    const empty = new PackWriter().finish();
    expect(indexPack(Buffer.concat(empty.pack))).toEqual([]);
    expect(PackIndex.parse(empty.index).count).toBe(0);
    git(folder, ['index-pack', '--stdin'], { input: Buffer.concat(empty.pack) });
  });

  it('gives back deltas of any size, stored or deflated', async () => {
    const base = randomBytes(100_000);
    const writer = new PackWriter();
    const baseOid = hashObject('blob', base);
    writer.add('blob', baseOid, base);
    const targets = [1, 40, 80, 90, 100, 5_000].map(size =>
      Buffer.concat([base.subarray(500), randomBytes(size)]),
    );
    for (const target of targets) {
      writer.addDelta(baseOid, hashObject('blob', target), createDelta(base, target) ?? Buffer.alloc(0));
    }
    const built = writer.finish();
    const reader = readerOf(Buffer.concat(built.pack), PackIndex.parse(built.index), { verify: true });
    for (const target of targets)
      expect((await reader.object(hashObject('blob', target)))?.bytes).toEqual(target);
  });
});

describe('a reader', () => {
  it('fetches a chain of deltas in few reads, since bases lie before their dependants', async () => {
    const history = Array.from({ length: 40 }, (_, i) => ({
      'a.md': Array.from({ length: 60 }, (_, k) => `${k > i ? k : -k}\n`),
    }));
    const { built, objects } = packOf(history);
    const reader = readerOf(Buffer.concat(built.pack), PackIndex.parse(built.index));
    const oldest = built.entries.findLast(({ type, base }) => type === 'blob' && base);
    expect(await reader.object(oldest?.oid ?? '')).toEqual(objects.get(oldest?.oid ?? ''));
    expect(reader.reads.length).toBeLessThanOrEqual(2);
  });

  it('does not know objects of other packs', async () => {
    const { built } = packOf(examples[0] ?? []);
    const reader = readerOf(Buffer.concat(built.pack), PackIndex.parse(built.index));
    expect(await reader.object('0'.repeat(40))).toBeUndefined();
    expect(await reader.header('f'.repeat(40))).toBeUndefined();
  });
});

describe('a pack index', () => {
  const entry = (oid: string, offset: number): PackEntry => ({
    oid,
    offset,
    length: 1,
    crc: offset % 97,
    type: 'blob',
  });

  it('finds every object, also beyond 2 and 4 GiB, and none else', () => {
    const offsets = fc.uniqueArray(fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31 - 2, max: 2 ** 40 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(offsets, list => {
        const entries = list.map(offset => entry(hashObject('blob', Buffer.from(`${offset}`)), offset));
        const index = PackIndex.parse(encodeIndex(entries, 'ab'.repeat(20)));
        expect([index.count, index.packSha]).toEqual([list.length, 'ab'.repeat(20)]);
        for (const { oid, offset } of entries) expect(index.find(oid)).toBe(offset);
        expect([...index.oids()]).toEqual(entries.map(each => each.oid).sort());
        expect([...index.entries()].map(each => each.crc).sort()).toEqual(
          entries.map(each => each.crc).sort(),
        );
        for (const oid of ['0'.repeat(40), 'f'.repeat(40), hashObject('tree')])
          expect(index.find(oid)).toBeUndefined();
        for (const wrong of ['', 'abc', 'x'.repeat(40)]) expect(index.find(wrong)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('resolves prefixes of any length, two at most unless told otherwise', () => {
    const oids = ['00', '0a1', '0a2', '0a3', 'ff'].map(prefix => prefix.padEnd(40, '7'));
    const index = PackIndex.parse(encodeIndex(oids.map(entry), '00'.repeat(20)));
    expect(index.resolve('0a')).toEqual(oids.slice(1, 3));
    expect(index.resolve('0a', 10)).toEqual(oids.slice(1, 4));
    expect(index.resolve('0a2')).toEqual([oids[2]]);
    expect(index.resolve('f')).toEqual([oids[4]]);
    expect(index.resolve(oids[0] ?? '')).toEqual([oids[0]]);
    expect(index.resolve('', 9)).toEqual(oids);
    expect([index.resolve('1'), index.resolve('xy'), index.resolve('0A')]).toEqual([[], [], []]);
  });
});

describe('merged packs', () => {
  it('hold every object once, are accepted by git, and have no longer chains than before', ctx => {
    needs(ctx, 'git');
    for (let i = 0; i + 2 < examples.length; i += 3) {
      const inputs = examples.slice(i, i + 3).map(packOf);
      const merged = mergePacks(
        inputs.map(({ built }) => ({ pack: Buffer.concat(built.pack), index: PackIndex.parse(built.index) })),
      );
      const folder = bareRepository();
      expect(readFileSync(addPack(folder, merged.pack)).equals(merged.index)).toBe(true);
      const wanted = new Map(inputs.flatMap(({ objects }) => [...objects]));
      const read = allObjects(folder);
      expect(read.size).toBe(wanted.size);
      for (const [oid, { type, bytes }] of wanted) expect(read.get(oid)).toEqual({ type, bytes });
      expect(longest(merged.entries)).toBeLessThanOrEqual(
        Math.max(...inputs.map(({ built }) => longest(built.entries))),
      );
    }
  });

  it('are refused when pack and index do not belong together, or an entry is damaged', () => {
    const corrupt = expect.objectContaining({ code: 'pack_corrupt' });
    const [one, two] = examples.slice(0, 2).map(example => packOf(example).built);
    if (!one || !two) throw new Error('no examples');
    const index = PackIndex.parse(one.index);
    expect(() => mergePacks([{ pack: Buffer.concat(two.pack), index }])).toThrow(corrupt);
    const damaged = Buffer.concat(one.pack);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(() => mergePacks([{ pack: damaged, index }])).toThrow(corrupt);
    expect(() => mergePacks([{ pack: damaged.subarray(0, 30), index }])).toThrow(corrupt);
    expect(indexPack(Buffer.concat(mergePacks([]).pack))).toEqual([]);
  });
});

function longest(entries: readonly PackEntry[]): number {
  const depths = new Map<string, number>();
  for (const { oid, base } of entries)
    depths.set(oid, base === undefined ? 0 : (depths.get(base) ?? Number.NaN) + 1);
  return Math.max(0, ...depths.values());
}
