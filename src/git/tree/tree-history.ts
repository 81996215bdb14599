import { objectCorrupt } from '../errors.ts';
import { encodeName } from '../object/entry-name.ts';
import type { Oid } from '../object/objects.ts';
import type { DeltaOp } from '../pack/delta.ts';
import { deltaFromEdits } from '../pack/delta.ts';
import type { Tree, TreeEdit } from './tree.ts';
import { entryKey } from './tree-entry.ts';

/** Chains up to this long are read at no great cost. */
const WANTED_DEPTH = 32;
/** Never exceeded; git's own default. */
const MAX_DEPTH = 50;

/** A version of a tree as a delta against another one. */
export interface TreeDelta {
  oid: Oid;
  base: Oid;
  delta: Buffer;
}

/** A version that later ones may be deltas against, and the names edited since. */
interface Base {
  tree: Tree;
  oid: Oid;
  edited: Set<string>;
}

/**
 * Deltas for the earlier versions of one folder's tree, so that only the newest need be stored whole.
 *
 * Versions are counted from the newest (0) into the past, as the digits of a number: version k is a delta against the version that
 * one gets by taking one from its last digit that is not 0. Chains are then no longer than the sum of the digits, and each
 * edit is part of at most as many deltas as there are digits. The radix is chosen such that chains stay below 32.
 *
 * @param stepsBack at k the edits that turn version k into version k + 1, the one before it
 * @param oids ids of the versions 1, 2, …; without them each version is hashed
 * @returns each different version once, every base before its dependants
 * @throws KittiwakeError `object_corrupt` when the steps do not lead to the id given for the oldest version
 */
export function* treeVersionDeltas(
  newest: Tree,
  stepsBack: readonly (readonly TreeEdit[])[],
  oids?: readonly Oid[],
): Generator<TreeDelta, void, undefined> {
  const weights = digitWeights(stepsBack.length);
  const bases: Base[] = weights.map(() => ({ tree: newest, oid: newest.oid, edited: new Set() }));
  const depths = new Map<Oid, number>([[newest.oid, 0]]);
  const all: Base = { tree: newest, oid: newest.oid, edited: new Set() };
  let tree = newest;
  for (const [step, edits] of stepsBack.entries()) {
    tree = tree.with(edits);
    for (const { edited } of [all, ...bases]) for (const { name } of edits) edited.add(name);
    const version = step + 1;
    const oid = oids?.[step] ?? tree.oid;
    if (step === stepsBack.length - 1) checkOldest(tree, oid);
    const digit = weights.findLastIndex(weight => version % weight === 0);
    if (!depths.has(oid)) {
      const near = bases[digit] ?? all;
      const base = (depths.get(near.oid) ?? 0) < MAX_DEPTH ? near : all;
      depths.set(oid, (depths.get(base.oid) ?? 0) + 1);
      yield { oid, base: base.oid, delta: deltaBetween(base.tree, tree, base.edited) };
    }
    for (let lower = 0; lower <= digit; lower += 1) bases[lower] = { tree, oid, edited: new Set() };
  }
}

function checkOldest(tree: Tree, oid: Oid): void {
  if (tree.oid !== oid)
    throw objectCorrupt(oid, `the edits that should lead to this tree lead to ${tree.oid}`);
}

/** What one unit of each digit stands for: 1, radix, radix squared … */
function digitWeights(versions: number): number[] {
  for (let digits = 1; ; digits += 1) {
    const radix = Math.max(2, Math.ceil((versions + 1) ** (1 / digits)));
    if (digits * (radix - 1) > WANTED_DEPTH) continue;
    return Array.from({ length: digits }, (_, digit) => radix ** digit);
  }
}

function deltaBetween(base: Tree, target: Tree, edited: Iterable<string>): Buffer {
  const keys: Buffer[] = [];
  for (const name of edited) {
    const bytes = encodeName(name);
    keys.push(entryKey(bytes, false), entryKey(bytes, true));
  }
  keys.sort((a, b) => Buffer.compare(a, b));
  const ops: DeltaOp[] = [];
  let copied = 0;
  for (const key of keys) {
    const { start, bytes } = base.span(key);
    const wanted = target.span(key).bytes;
    if (wanted.equals(bytes)) continue;
    ops.push({ copy: [copied, start] }, { insert: wanted });
    copied = start + bytes.length;
  }
  ops.push({ copy: [copied, base.byteLength] });
  return deltaFromEdits(base.byteLength, ops, target.byteLength);
}
