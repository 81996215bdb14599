import { isKittiwakeError } from '../../core/errors.ts';
import { objectCorrupt, objectMissing } from '../errors.ts';
import type { WalkedCommit } from '../history/history-walk.ts';
import { walkHistory } from '../history/history-walk.ts';
import { precedesBy } from '../history/line-parent.ts';
import { headOf, MAIN_REF } from '../ledger/ledger.ts';
import { decodeCommit, decodeTag, hashObject } from '../object/object-codec.ts';
import type { GitObject, Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { Tree } from '../tree/tree.ts';
import type { LedgerView } from '../view/view.ts';
import { loneBlobs } from './doctor-lone-packs.ts';
import { codeOf, type Report } from './doctor-report.ts';

export interface Reachable {
  /** Of the main line, newest first. */
  commits: readonly WalkedCommit[];
  object(oid: Oid): Promise<GitObject>;
  /** Bytes of an object. */
  size(oid: Oid): Promise<number>;
  /** All objects that the refs reach. */
  seen: ReadonlySet<Oid>;
}

/**
 * Reads every object that the refs reach, and checks its id. Files with packs of their own are only looked for: they are
 * checked with their packs. Undefined when the history itself cannot be read.
 */
export async function checkObjects(
  repository: LedgerRepository,
  view: LedgerView,
  report: Report,
): Promise<Reachable | undefined> {
  const { ledger } = view;
  const object = objectReader(repository, view);
  const lone = await loneBlobs(repository, [...ledger.packs, ...view.largePacks()]);
  const size = async (oid: Oid) =>
    lone.has(oid) ? (await view.openBlob(oid)).size : (await object(oid)).bytes.length;
  const head = headOf(ledger).oid;
  if (head !== ledger.refs[MAIN_REF]) {
    report(
      'error',
      'ref_wrong',
      `${MAIN_REF} is ${ledger.refs[MAIN_REF]}, the newest commit of the ledger is ${head}`,
    );
  }
  const seen = new Set<Oid>();
  try {
    for (const oid of Object.values(ledger.refs)) {
      const commits = await walkRef(oid, object, seen);
      for (const {
        oid: commit,
        commit: { tree },
      } of commits) {
        seen.add(commit);
        await checkTree(tree, `commit ${commit}`, { object, lone, seen, report });
      }
    }
    if (head === undefined) return { commits: [], object, size, seen };
    const precedes = precedesBy(oid => view.layers.commit(oid));
    const read = (oid: Oid) => readCommit(oid, object);
    const commits = await walkHistory({ head, firstOrdinal: 0, precedes, read });
    return { commits, object, size, seen };
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', codeOf(error), error.message);
    return undefined;
  }
}

/** Objects from the journal or the packs, each hashed. */
export function objectReader(
  repository: LedgerRepository,
  view: LedgerView,
): (oid: Oid) => Promise<GitObject> {
  const { journal } = view.ledger;
  return async oid => {
    const position = journal.position(oid);
    const commit = position === undefined ? undefined : journal.commits(position, position + 1)[0];
    let object: GitObject;
    if (commit) object = { type: 'commit', bytes: commit.entry.bytes };
    else if (journal.tree(oid))
      object = {
        type: 'tree',
        bytes: (await repository.trees.load(oid, undefined, view.treeSource)).bytes(),
      };
    else if (journal.blob(oid)) object = { type: 'blob', bytes: await view.blob(oid) };
    else object = await repository.packs.object(oid, view.ledger.packs);
    const hash = hashObject(object.type, object.bytes);
    if (hash !== oid) throw objectCorrupt(oid, `its bytes have the id ${hash}`);
    return object;
  };
}

/** The commits that a ref reaches; the tags on the way to them are noted as seen. */
async function walkRef(oid: Oid, object: Reachable['object'], seen: Set<Oid>): Promise<WalkedCommit[]> {
  let target = oid;
  let found = await object(target);
  while (found.type === 'tag') {
    seen.add(target);
    target = decodeTag(found.bytes).target;
    found = await object(target);
  }
  if (found.type !== 'commit') {
    seen.add(target);
    return [];
  }
  return walkHistory({ head: target, firstOrdinal: 0, read: commit => readCommit(commit, object) });
}

export async function readCommit(oid: Oid, object: Reachable['object']) {
  const { type, bytes } = await object(oid);
  if (type !== 'commit') throw objectMissing(oid, `it is a ${type}, not a commit`);
  return { bytes, commit: decodeCommit(bytes) };
}

interface Walk {
  object: Reachable['object'];
  lone: ReadonlySet<Oid>;
  seen: Set<Oid>;
  report: Report;
}

/** Reads an object once, reports what is wrong with it, and goes on into its bytes. */
async function check(
  oid: Oid,
  type: GitObject['type'],
  from: string,
  walk: Walk,
  into: (bytes: Buffer) => Promise<void> = async () => undefined,
): Promise<void> {
  if (walk.seen.has(oid)) return;
  walk.seen.add(oid);
  if (type === 'blob' && walk.lone.has(oid)) return;
  try {
    const found = await walk.object(oid);
    if (found.type !== type) throw objectMissing(oid, `it is a ${found.type}, not a ${type}`);
    await into(found.bytes);
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    walk.report('error', codeOf(error), `${error.message} (wanted by ${from})`);
  }
}

function checkTree(oid: Oid, from: string, walk: Walk): Promise<void> {
  return check(oid, 'tree', from, walk, async bytes => {
    for (const { name, mode, oid: child } of Tree.parse(bytes).entries()) {
      if (mode === MODE_FOLDER) await checkTree(child, `tree ${oid}`, walk);
      else if (mode !== MODE_SUBMODULE) await check(child, 'blob', `tree ${oid}, "${name}"`, walk);
    }
  });
}

export const MODE_SUBMODULE = 0o160000;
