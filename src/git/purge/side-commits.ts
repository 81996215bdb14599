import { objectReader, readCommit } from '../doctor/doctor-objects.ts';
import type { WalkedCommit } from '../history/history-walk.ts';
import { walkHistory } from '../history/history-walk.ts';
import { MAIN_REF } from '../ledger/ledger.ts';
import { decodeTag } from '../object/object-codec.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { Tree } from '../tree/tree.ts';
import { createTreeReader } from '../view/tree-reader.ts';
import type { LedgerView } from '../view/view.ts';

/** What stands at `paths` in commits that other refs reach and the main line does not: no map tells of them. */
export async function* contentsAside(
  repository: LedgerRepository,
  view: LedgerView,
  paths: readonly string[],
): AsyncGenerator<{ path: string; oid: Oid }> {
  const object = objectReader(repository, view);
  const load = async (oid: Oid) => Tree.parse((await object(oid)).bytes);
  for (const [name, oid] of Object.entries(view.ledger.refs)) {
    if (name === MAIN_REF) continue;
    for (const { commit } of await commitsAside(oid, view, object)) {
      const tree = createTreeReader(commit.tree, load);
      for (const path of paths) {
        const entry = await tree.entry(path);
        if (entry) yield { path, oid: entry.oid };
      }
    }
  }
}

async function commitsAside(
  oid: Oid,
  view: LedgerView,
  object: ReturnType<typeof objectReader>,
): Promise<WalkedCommit[]> {
  const isMain = async (commit: Oid) => (await view.layers.findCommit(commit)) !== undefined;
  const { type, bytes } = await object(oid);
  if (type === 'tag') return await commitsAside(decodeTag(bytes).target, view, object);
  if (type !== 'commit' || (await isMain(oid))) return [];
  return await walkHistory({
    head: oid,
    firstOrdinal: 0,
    read: async commit => ((await isMain(commit)) ? undefined : readCommit(commit, object)),
  });
}
