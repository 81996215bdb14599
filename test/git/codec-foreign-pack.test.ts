import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCommit, decodeTag, encodeCommit, hashObject } from '../../src/git/object/object-codec.ts';
import { createDelta } from '../../src/git/pack/delta.ts';
import { isDelta } from '../../src/git/pack/pack-entry.ts';
import { encodeIndex, PackIndex } from '../../src/git/pack/pack-index.ts';
import { mergePacks } from '../../src/git/pack/pack-merge.ts';
import { indexPack, scanPack } from '../../src/git/pack/pack-scan.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { Tree } from '../../src/git/tree/tree.ts';
import { addPack, allObjects, bareRepository, git, temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { readerOf } from './pack-support.ts';

/** A repository of native git with many versions of few files, folders, a merge, tags and two branches. */
function nativeRepository(commits: number): string {
  const folder = temporaryFolder();
  git(folder, ['init', '--quiet', '--initial-branch=main', '.']);
  const commit = (i: number, branch: string, path: string, from: string) => {
    const lines = Array.from(
      { length: 80 },
      (_, k) => `${k < i ? k * 7919 : k * 104_729} line ${k} of ${path}\n`,
    );
    const who = (name: string, zone: string) =>
      `${name} Müller <${name}@example.org> ${1_700_000_000 + i} ${zone}`;
    return [
      `commit refs/heads/${branch}\nmark :${i + 1}\n`,
      `author ${who('Ann', '+0530')}\ncommitter ${who('Bob', '-0800')}\n${data(`Change ${i}\n\nübrig\n`)}${from}`,
      `M 100644 inline ${path}\n${data(lines.join(''))}`,
    ].join('');
  };
  const stream: string[] = [];
  for (let i = 0; i < commits; i += 1)
    stream.push(commit(i, 'main', ['a.md', 'docs/b.md', 'docs/deep/ü.md'][i % 3] ?? '', ''));
  stream.push(commit(commits, 'side', 'side.md', `from :${commits - 5}\n`));
  stream.push(commit(commits + 1, 'main', 'side.md', `from :${commits}\nmerge :${commits + 1}\n`));
  git(folder, ['fast-import', '--quiet'], { input: `${stream.join('')}done\n` });
  git(folder, ['tag', '-a', '-m', 'A release', 'v1.0', 'side']);
  git(folder, ['tag', '-a', '-m', 'A tag of a tag', 'v1.0-again', 'v1.0']);
  return folder;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function packFiles(folder: string): { pack: Buffer; index: PackIndex } {
  const packs = join(folder, '.git', 'objects', 'pack');
  const name = readdirSync(packs).find(file => file.endsWith('.pack')) ?? '';
  const raw = readFileSync(join(packs, name.replace(/pack$/, 'idx')));
  return { pack: readFileSync(join(packs, name)), index: PackIndex.parse(raw) };
}

async function expectSameObjects(pack: Buffer, index: PackIndex, folder: string): Promise<void> {
  const expected = allObjects(folder);
  const reader = readerOf(pack, index);
  expect(index.count).toBe(expected.size);
  for (const [oid, object] of expected) {
    expect(await reader.object(oid)).toEqual(object);
    expect(await reader.header(oid)).toEqual({ type: object.type, size: object.bytes.length });
  }
  const found = indexPack(pack);
  expect(new Set(found.map(each => each.oid))).toEqual(new Set(expected.keys()));
  expect(
    found.map(({ oid, offset, crc }) => ({ oid, offset, crc })).sort((a, b) => (a.oid < b.oid ? -1 : 1)),
  ).toEqual([...index.entries()]);
}

describe('packs of native git', () => {
  it.for<[string, string[]]>([
    ['offset deltas', []],
    ['reference deltas', ['-c', 'repack.useDeltaBaseOffset=false']],
    ['a small window and long chains', ['-c', 'pack.depth=50', '-c', 'pack.window=3']],
  ])('with %s are read completely', async ([, options], ctx) => {
    needs(ctx, 'git');
    const folder = nativeRepository(60);
    git(folder, [...options, 'repack', '-a', '-d', '-f', '--quiet', '--depth=50']);
    const { pack, index } = packFiles(folder);
    await expectSameObjects(pack, index, folder);
    const kinds = new Set<string>();
    for await (const { header } of scanPack(pack)) if (isDelta(header)) kinds.add(header.kind);
    expect([...kinds]).toEqual([
      options.includes('repack.useDeltaBaseOffset=false') ? 'ref-delta' : 'ofs-delta',
    ]);
  });

  it('hold commits, trees and tags that come back from their parts', ctx => {
    needs(ctx, 'git');
    const folder = nativeRepository(12);
    for (const [oid, { type, bytes }] of allObjects(folder)) {
      if (type === 'commit') expect(hashObject('commit', encodeCommit(decodeCommit(bytes)))).toBe(oid);
      if (type === 'tree') expect(Tree.from(Tree.parse(bytes).entries()).oid).toBe(oid);
      if (type === 'tag') expect(decodeTag(bytes).name).toMatch(/^v1\.0/);
    }
  });

  it('are merged with each other and with ours, reference deltas becoming offset deltas', async ctx => {
    needs(ctx, 'git');
    const [one, two] = [nativeRepository(30), nativeRepository(45)];
    git(one, ['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-a', '-d', '-f', '--quiet']);
    git(two, ['repack', '-a', '-d', '-f', '--quiet', '--depth=50']);
    const merged = mergePacks([packFiles(one), packFiles(two)]);
    const target = bareRepository();
    const path = addPack(target, merged.pack);
    expect(readFileSync(path).equals(merged.index)).toBe(true);
    expect(merged.entries.length).toBe(new Set([...allObjects(one).keys(), ...allObjects(two).keys()]).size);
    const kinds = new Set<string>();
    for await (const { header } of scanPack(Buffer.concat(merged.pack))) kinds.add(header.kind);
    expect(kinds.has('ref-delta')).toBe(false);
    for (const source of [one, two]) {
      const read = allObjects(target);
      for (const [oid, object] of allObjects(source)) expect(read.get(oid)).toEqual(object);
    }
  });

  it('that are thin are completed from outside, and refused without', async ctx => {
    needs(ctx, 'git');
    const folder = nativeRepository(30);
    const known = allObjects(folder);
    const thin = git(folder, ['pack-objects', '--thin', '--stdout', '--revs', '--quiet'], {
      input: 'main\n^main~8\n',
    });
    const corrupt = expect.objectContaining({ code: 'pack_corrupt' });
    const external = (oid: string) => {
      const object = known.get(oid);
      return object && { type: object.type as 'blob', bytes: object.bytes };
    };
    expect(() => indexPack(thin)).toThrow(corrupt);
    const entries = indexPack(thin, { external });
    expect(entries.some(({ base }) => base !== undefined && entries.every(({ oid }) => oid !== base))).toBe(
      true,
    );
    const index = PackIndex.parse(encodeIndex(entries, thin.subarray(-20)));
    const reader = readerOf(thin, index);
    for (const { oid, type } of entries) {
      expect(await reader.object(oid, external)).toEqual(known.get(oid));
      expect((await reader.header(oid, external))?.type).toBe(type);
    }
    expect(() => mergePacks([{ pack: thin, index }])).toThrow(corrupt);
    const alone = await Promise.allSettled(entries.map(({ oid }) => reader.object(oid)));
    expect(alone.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });
});

describe('merged packs', () => {
  it('of which each has as a delta what the other has whole hold both whole', () => {
    const [a, b] = ['a', 'b'].map(letter => Buffer.from(`${letter}${'shared content '.repeat(50)}`));
    if (!a || !b) throw new Error('no objects');
    const build = (base: Buffer, target: Buffer) => {
      const writer = new PackWriter();
      writer.add('blob', hashObject('blob', base), base);
      writer.addDelta(
        hashObject('blob', base),
        hashObject('blob', target),
        createDelta(base, target) ?? Buffer.alloc(0),
      );
      const { pack, index } = writer.finish();
      return { pack: Buffer.concat(pack), index: PackIndex.parse(index) };
    };
    const merged = mergePacks([build(a, b), build(b, a)]);
    expect(merged.entries.map(({ base }) => base)).toEqual([undefined, undefined]);
    expect(indexPack(Buffer.concat(merged.pack))).toEqual(merged.entries);
    expect(merged.place(hashObject('blob', b))).toBeDefined();
  });
});
