import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import { decodeName, encodeName } from '../../src/git/object/entry-name.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { FolderEntry } from '../../src/git/repository.ts';
import { Tree, type TreeEdit } from '../../src/git/tree/tree.ts';
import { bareRepository, git } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';

const FOLDER = 0o40000;
const oid = fc.stringMatching(/^[0-9a-f]{40}$/);
const mode = fc.constantFrom(0o100644, 0o100755, 0o120000, 0o160000, FOLDER);
/** Names that share prefixes, so that "a", "a-b", "a.b", "a/" and "a0" meet. */
const name = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '-', '.', '0', 'é', '\uffff', '𝄞'),
    minLength: 1,
    maxLength: 4,
  }),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 9 })
    .map(text => text.toWellFormed().replaceAll(/[/\0]/g, 'x')),
);
const entry: fc.Arbitrary<FolderEntry> = fc.record({ name, mode, oid });
const edit: fc.Arbitrary<TreeEdit> = fc.record({ name, mode, oid: fc.option(oid, { freq: 3 }) });

function randomOid(): string {
  return randomBytes(20).toString('hex');
}

function modelOf(entries: readonly FolderEntry[]): Map<string, FolderEntry> {
  return new Map(entries.map(each => [each.name, each]));
}

function applyToModel(model: Map<string, FolderEntry>, edits: readonly TreeEdit[]): void {
  for (const { name, mode, oid } of edits) {
    if (oid === null) model.delete(name);
    else model.set(name, { name, mode, oid });
  }
}

function mktree(folder: string, entries: Iterable<FolderEntry>): string {
  const types = new Map([
    [FOLDER, 'tree'],
    [0o160000, 'commit'],
  ]);
  const lines = [...entries].map(
    each =>
      `${each.mode.toString(8).padStart(6, '0')} ${types.get(each.mode) ?? 'blob'} ${each.oid}\t${each.name}\0`,
  );
  return git(folder, ['mktree', '-z', '--missing'], { input: lines.join('') })
    .toString()
    .trim();
}

/** A tree of `count` pages, in many chunks. */
function largeTree(count: number): FolderEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `page-${i}.md`,
    mode: 0o100644,
    oid: randomOid(),
  }));
}

function entryBytes(mode: string, name: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.alloc(21)]);
}

describe('a tree', () => {
  it('of any entries in any order has the id that git mktree gives it', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), entries => {
        const model = modelOf(entries);
        expect(Tree.from(model.values()).oid).toBe(mktree(folder, model.values()));
      }),
      { numRuns: 40 },
    );
  });

  it('that was edited equals one made of what it should hold', () => {
    const start = fc.array(entry, { maxLength: 30 });
    const rounds = fc.array(fc.array(edit, { maxLength: 6 }), { maxLength: 6 });
    fc.assert(
      fc.property(start, rounds, (entries, steps) => {
        const model = modelOf(entries);
        let tree = Tree.from(model.values());
        for (const edits of steps) {
          tree = tree.with(edits);
          applyToModel(model, edits);
        }
        const fresh = Tree.from(model.values());
        expect(tree.bytes()).toEqual(fresh.bytes());
        expect([tree.oid, tree.size, tree.byteLength]).toEqual([fresh.oid, model.size, fresh.byteLength]);
        for (const { name } of [...entries, ...steps.flat()]) expect(tree.get(name)).toEqual(model.get(name));
      }),
      { numRuns: 500 },
    );
  });

  it('of many chunks stays exact through single, many and sweeping edits', () => {
    const model = modelOf(largeTree(12_000));
    let tree = Tree.from(model.values());
    const names = [...model.keys()];
    const random = fc.sample(fc.nat(names.length - 1), { numRuns: 3_000, seed: 5 });
    const pick = (i: number) => names[random[i] ?? 0] ?? '';
    const sorted = names.toSorted();
    const rounds: TreeEdit[][] = [];
    for (let i = 0; i < 60; i += 1) rounds.push([{ name: pick(i), mode: 0o100644, oid: randomOid() }]);
    rounds.push(
      random.map((_, i) => ({ name: pick(i), mode: 0o100755, oid: i % 3 === 0 ? null : randomOid() })),
    );
    rounds.push(random.map((_, i) => ({ name: `${pick(i)}-${i}`, mode: FOLDER, oid: randomOid() })));
    rounds.push(random.slice(0, 900).map((_, i) => ({ name: pick(i), mode: FOLDER, oid: randomOid() })));
    rounds.push(sorted.flatMap((each, i) => (i % 45 === 0 ? [] : [{ name: each, mode: 0, oid: null }])));
    for (let i = 0; i < 20; i += 1) rounds.push([{ name: pick(i), mode: 0o100644, oid: randomOid() }]);
    rounds.push(names.slice(0, 11_950).map(each => ({ name: each, mode: 0, oid: null })));
    for (const edits of rounds) {
      tree = tree.with(edits);
      applyToModel(model, edits);
      expect(tree.oid).toBe(hashObject('tree', tree.bytes()));
      expect(tree.size).toBe(model.size);
      for (const { name } of edits.slice(0, 50)) expect(tree.get(name)).toEqual(model.get(name));
    }
    expect(tree.oid).toBe(Tree.from(model.values()).oid);
    expect([...tree.entries()].map(each => each.name).sort()).toEqual([...model.keys()].sort());
    expect(tree.with([...model.keys()].map(each => ({ name: each, mode: 0, oid: null }))).oid).toBe(
      Tree.empty.oid,
    );
  });

  it('shares with the tree it was made from all but the edited piece, which it does not change', () => {
    const before = Tree.from(largeTree(5_000));
    const bytes = before.bytes();
    const after = before.with([{ name: 'page-2500.md', mode: 0o100644, oid: randomOid() }]);
    const old = new Set(before.parts());
    expect(before.parts().length).toBeGreaterThan(8);
    expect(after.parts().filter(part => !old.has(part))).toHaveLength(1);
    expect(before.bytes()).toEqual(bytes);
    const inserted = before.with([{ name: 'page-2500.md.bak', mode: 0o100644, oid: randomOid() }]);
    expect(inserted.parts().filter(part => !old.has(part))).toHaveLength(1);
  });

  it('is itself when an edit changes nothing', () => {
    const tree = Tree.from(largeTree(100));
    const same = tree.get('page-7.md');
    expect(same && tree.with([same])).toBe(tree);
    expect(tree.with([{ name: 'absent', mode: 0, oid: null }])).toBe(tree);
    expect(tree.with([])).toBe(tree);
    expect(Tree.empty.with([{ name: 'absent', mode: 0, oid: null }])).toBe(Tree.empty);
  });

  it('replaces a file by a folder of its name and a folder by a file', () => {
    const other = { name: 'a-b', mode: 0o100644, oid: randomOid() };
    const file = { name: 'a', mode: 0o100644, oid: randomOid() };
    const folder = { name: 'a', mode: FOLDER, oid: randomOid() };
    const asFile = Tree.from([other, file]);
    const asFolder = asFile.with([folder]);
    expect([...asFile.entries()]).toEqual([file, other]);
    expect([...asFolder.entries()]).toEqual([other, folder]);
    expect(asFolder.with([file]).oid).toBe(asFile.oid);
    expect(asFolder.with([folder, file]).oid).toBe(asFile.oid);
    expect([...asFolder.with([{ name: 'a', mode: 0, oid: null }]).entries()]).toEqual([other]);
  });

  it('keeps modes of old tools and names that are not UTF-8 byte for byte', () => {
    const odd = Buffer.concat([
      entryBytes('100664', Buffer.from([0x66, 0xff, 0xfe])),
      entryBytes('040000', Buffer.from('g\xe9', 'latin1')),
      entryBytes('100644', 'z'),
    ]);
    const tree = Tree.parse(odd);
    const [first, second] = [...tree.entries()];
    expect(tree.bytes()).toEqual(odd);
    expect(tree.get(first?.name ?? '')).toEqual({
      name: 'f\udcff\udcfe',
      mode: 0o100664,
      oid: '0'.repeat(40),
    });
    expect(tree.get(second?.name ?? '')?.mode).toBe(FOLDER);
    const edited = tree
      .with([{ name: 'z', mode: 0o100644, oid: randomOid() }])
      .with([{ name: 'zz', mode: 0, oid: null }]);
    expect(edited.bytes().subarray(0, odd.length - 28)).toEqual(odd.subarray(0, odd.length - 28));
    expect(tree.with([{ name: first?.name ?? '', mode: 0, oid: null }]).size).toBe(2);
    expect(Tree.from(tree.entries()).size).toBe(3);
  });

  it.each([
    ['no mode', entryBytes('', 'a')],
    ['a mode that is not octal', entryBytes('100648', 'a')],
    ['a mode that is too long', entryBytes('0000100644', 'a')],
    ['a mode of zero', entryBytes('0', 'a')],
    ['an empty name', entryBytes('100644', '')],
    ['a name with a slash', entryBytes('100644', 'a/b')],
    ['an id that is cut off', entryBytes('100644', 'a').subarray(0, -1)],
    ['no end of the name', Buffer.from('100644 abc')],
    ['nothing but a digit', Buffer.from('1')],
    ['entries out of order', Buffer.concat([entryBytes('100644', 'b'), entryBytes('100644', 'a')])],
    ['one entry twice', Buffer.concat([entryBytes('100644', 'a'), entryBytes('100644', 'a')])],
    ['a folder sorted as a file', Buffer.concat([entryBytes('40000', 'a'), entryBytes('100644', 'a.b')])],
  ])('with %s is refused', (_, bytes) => {
    expect(() => Tree.parse(bytes)).toThrow(expect.objectContaining({ code: 'object_corrupt' }));
  });

  it.each([
    [{ name: '', mode: 0o100644, oid: '0'.repeat(40) }],
    [{ name: 'a/b', mode: 0o100644, oid: '0'.repeat(40) }],
    [{ name: 'a\0b', mode: 0o100644, oid: '0'.repeat(40) }],
    [{ name: 'a', mode: 0, oid: '0'.repeat(40) }],
    [{ name: 'a', mode: 1.5, oid: '0'.repeat(40) }],
    [{ name: 'a', mode: 0o100644, oid: '0'.repeat(39) }],
    [{ name: 'a', mode: 0o100644, oid: `${'0'.repeat(39)}x` }],
  ])('is not made with %o', wrong => {
    const good = { name: 'z', mode: 0o100644, oid: '0'.repeat(40) };
    const corrupt = expect.objectContaining({ code: 'object_corrupt' });
    expect(() => Tree.from([wrong, good])).toThrow(corrupt);
    expect(() => Tree.empty.with([wrong])).toThrow(corrupt);
    expect(() => Tree.from([good, good])).toThrow(corrupt);
  });

  it('that was damaged is refused or read as exactly its bytes', () => {
    const bytes = Tree.from(largeTree(30)).bytes();
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, fc.integer({ min: 1, max: bytes.length }), (damage, length) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        for (const [at, value] of damage) if (at < length) damaged[at] = value;
        try {
          const tree = Tree.parse(damaged);
          expect(tree.bytes()).toEqual(damaged);
          expect([...tree.entries()]).toHaveLength(tree.size);
        } catch (error) {
          expect(isKittiwakeError(error, 'object_corrupt')).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('entry names', () => {
  it('of any bytes come back byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), bytes => {
        expect(encodeName(decodeName(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('cannot be used to write other characters than they show', () => {
    const smuggled = '.g\udce2\udc80\udc8cit';
    expect(encodeName(smuggled)).toEqual(Buffer.from(smuggled));
    expect(encodeName('a\ud800')).toEqual(Buffer.from('a\ufffd'));
  });
});
