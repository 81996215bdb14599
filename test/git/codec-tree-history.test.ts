import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { Oid } from '../../src/git/object/objects.ts';
import { applyDelta } from '../../src/git/pack/delta.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { Tree, type TreeEdit } from '../../src/git/tree/tree.ts';
import { type TreeDelta, treeVersionDeltas } from '../../src/git/tree/tree-history.ts';
import { addPack, allObjects, bareRepository, git } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';

const FILE = 0o100644;
const FOLDER = 0o40000;

function oidOf(text: string): Oid {
  return createHash('sha1').update(text).digest('hex');
}

function pages(count: number): Tree {
  return Tree.from(
    Array.from({ length: count }, (_, i) => ({ name: `page-${i}.md`, mode: FILE, oid: oidOf(`${i}`) })),
  );
}

/** Steps that each give one page of `count` other content. */
function singleEdits(steps: number, count: number): TreeEdit[][] {
  return Array.from({ length: steps }, (_, i) => [
    { name: `page-${(i * 7919) % count}.md`, mode: FILE, oid: oidOf(`s${i}`) },
  ]);
}

function versionsOf(newest: Tree, stepsBack: readonly (readonly TreeEdit[])[]): Tree[] {
  const versions: Tree[] = [];
  for (const edits of stepsBack) versions.push((versions.at(-1) ?? newest).with(edits));
  return versions;
}

/** Applies the deltas in their order; every base must be there by then. Returns the depth of each. */
function unpack(
  newest: Tree,
  deltas: readonly TreeDelta[],
): { bytes: Map<Oid, Buffer>; depths: Map<Oid, number> } {
  const bytes = new Map([[newest.oid, newest.bytes()]]);
  const depths = new Map([[newest.oid, 0]]);
  for (const { oid, base, delta } of deltas) {
    const from = bytes.get(base);
    if (!from) throw new Error(`the base ${base} comes after ${oid}`);
    const made = applyDelta(from, delta);
    expect(hashObject('tree', made)).toBe(oid);
    expect(bytes.has(oid)).toBe(false);
    bytes.set(oid, made);
    depths.set(oid, (depths.get(base) ?? 0) + 1);
  }
  return { bytes, depths };
}

const name = fc.constantFrom('a', 'a-b', 'a.b', 'a0', 'b', 'é', 'z');
const edit = fc.record({
  name,
  mode: fc.constantFrom(FILE, FOLDER),
  oid: fc.option(fc.constantFrom('one', 'two', 'three').map(oidOf), { freq: 3 }),
});

describe('deltas of a folder’s earlier versions', () => {
  it('give every version back, each once, for any edits, reverts included', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 7 }),
        fc.array(fc.array(edit, { maxLength: 3 }), { maxLength: 60 }),
        (start, steps) => {
          const newest = Tree.empty.with(start);
          const versions = versionsOf(newest, steps);
          const { bytes, depths } = unpack(newest, [...treeVersionDeltas(newest, steps)]);
          const wanted = new Set([newest.oid, ...versions.map(version => version.oid)]);
          expect(new Set(bytes.keys())).toEqual(wanted);
          expect(Math.max(...depths.values())).toBeLessThanOrEqual(50);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([1, 31, 32, 33, 50, 51, 200, 1_000, 3_000])(
    'of %i edits have short chains and grow with the edits',
    steps => {
      const newest = pages(3_000);
      const stepsBack = singleEdits(steps, 3_000);
      const oids = versionsOf(newest, stepsBack).map(version => version.oid);
      const deltas = [...treeVersionDeltas(newest, stepsBack, oids)];
      const depths = new Map([[newest.oid, 0]]);
      for (const { oid, base } of deltas) depths.set(oid, (depths.get(base) ?? Number.NaN) + 1);
      const bytes = deltas.reduce((sum, each) => sum + each.delta.length, 0);
      expect(deltas.map(each => each.oid)).toEqual(oids);
      expect(Math.max(...depths.values())).toBeLessThanOrEqual(32);
      expect(bytes).toBeLessThan(steps * 250);
    },
  );

  it('of a folder that swings back and forth stay within the depth limit', () => {
    const newest = pages(10);
    const steps = Array.from({ length: 400 }, (_, i) => [
      { name: `page-${i % 3}.md`, mode: FILE, oid: oidOf(`${(i * i) % 5}`) },
      ...(i % 40 === 39 ? [{ name: 'page-0.md', mode: FILE, oid: oidOf('0') }] : []),
    ]);
    const { depths } = unpack(newest, [...treeVersionDeltas(newest, steps)]);
    expect(Math.max(...depths.values())).toBeLessThanOrEqual(50);
  });

  it('of a folder in which every eleventh step changes nothing stay within it too', () => {
    const newest = pages(100);
    const steps = singleEdits(1_000, 100).map((edits, i) => ((i + 1) % 11 === 0 ? [] : edits));
    const { depths } = unpack(newest, [...treeVersionDeltas(newest, steps)]);
    expect(Math.max(...depths.values())).toBeLessThanOrEqual(50);
  });

  it('are refused when the steps do not lead to the ids given', () => {
    const newest = pages(10);
    const steps = singleEdits(5, 10);
    const oids = versionsOf(newest, steps).map(version => version.oid);
    const corrupt = expect.objectContaining({ code: 'object_corrupt' });
    expect(() => [...treeVersionDeltas(newest, steps, oids.with(4, oidOf('x')))]).toThrow(corrupt);
    expect(() => [...treeVersionDeltas(newest, steps.with(2, []), oids)]).toThrow(corrupt);
  });

  it('are nothing where there is no earlier version', () => {
    expect([...treeVersionDeltas(pages(3), [])]).toEqual([]);
    expect([...treeVersionDeltas(pages(3), [[], []])]).toEqual([]);
  });

  it('are read by git as the trees they stand for', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    const newest = pages(2_000);
    const steps = singleEdits(300, 2_000);
    const writer = new PackWriter();
    writer.add('tree', newest.oid, newest.parts());
    for (const { base, oid, delta } of treeVersionDeltas(newest, steps)) writer.addDelta(base, oid, delta);
    addPack(folder, writer.finish().pack, []);
    const objects = allObjects(folder);
    for (const version of versionsOf(newest, steps)) {
      expect(objects.get(version.oid)?.bytes.equals(version.bytes())).toBe(true);
    }
    expect(objects.size).toBe(301);
    const said = git(folder, ['verify-pack', '-v', 'objects/pack/pack-test.idx']).toString();
    const chains = [...said.matchAll(/chain length = (\d+)/g)].map(match => Number(match[1]));
    expect(Math.max(...chains)).toBeLessThanOrEqual(32);
  });
});
