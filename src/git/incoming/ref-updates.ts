import type { Ledger } from '../ledger/ledger.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import type { ObjectType } from '../object/objects.ts';
import { refInvalid, refMoved, refProtected } from './errors.ts';
import type { RefUpdate } from './incoming.ts';

/** Names that every git takes (git-check-ref-format(1)), without those that need quoting in a shell. */
const NAME =
  /^refs\/[a-z]+\/(?!.*(?:\.\.|\/\/|@\{|\.lock$|\.lock\/|\/\.|\/-))[^\s~^:?*[\\\p{Cc}.-][^\s~^:?*[\\\p{Cc}]*(?<![./])$/u;
const MAX_NAME_BYTES = 255;
const OID = /^[0-9a-f]{40}$/;

/** @throws KittiwakeError `ref_invalid`, `ref_protected` */
export function checkUpdates(updates: readonly RefUpdate[]): void {
  const names = new Set<string>();
  for (const { ref, after } of updates) {
    if (!NAME.test(ref) || Buffer.byteLength(ref) > MAX_NAME_BYTES)
      throw refInvalid(ref, 'it is no name of a branch or tag');
    if (names.has(ref)) throw refInvalid(ref, 'it is changed twice');
    if (after !== undefined && !OID.test(after))
      throw refInvalid(ref, `${JSON.stringify(after)} is no object id`);
    if (ref === MAIN_REF && after === undefined) throw refProtected(ref);
    names.add(ref);
  }
}

/** @throws KittiwakeError `ref_invalid` */
export function checkTarget(ref: string, type: ObjectType): void {
  if (type !== 'commit' && (type !== 'tag' || ref.startsWith('refs/heads/')))
    throw refInvalid(ref, `it would name a ${type}`);
}

/**
 * The updates that are still to be made.
 * @throws KittiwakeError `ref_moved` when a ref is neither what it was nor what it becomes
 */
export function openUpdates(ledger: Ledger, updates: readonly RefUpdate[]): RefUpdate[] {
  const open = updates.filter(({ ref, after }) => ledger.refs[ref] !== after);
  const moved = open.find(({ ref, before }) => ledger.refs[ref] !== before);
  if (moved) throw refMoved(moved.ref, ledger.refs[moved.ref], moved.before);
  checkFolders(ledger, open);
  return open;
}

/** Git keeps refs as files: `a` and `a/b` cannot both be there. */
function checkFolders({ refs }: Ledger, updates: readonly RefUpdate[]): void {
  const gone = new Set(updates.filter(({ after }) => after === undefined).map(({ ref }) => ref));
  const added = updates.filter(({ after }) => after !== undefined).map(({ ref }) => ref);
  const names = [...Object.keys(refs).filter(name => !gone.has(name)), ...added];
  for (const ref of added) {
    const clash = names.find(name => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`));
    if (clash !== undefined) throw refInvalid(ref, `"${clash}" is there`);
  }
}
