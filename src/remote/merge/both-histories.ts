import type { IncomingObjects } from '../../git/incoming/incoming-objects.ts';
import { decodeCommit } from '../../git/object/object-codec.ts';
import type { Commit, Oid } from '../../git/object/objects.ts';
import type { LedgerRepository } from '../../git/open.ts';
import { Tree } from '../../git/tree/tree.ts';
import type { LedgerView } from '../../git/view/view.ts';

/** What came and what the wiki has, read as one. */
export interface BothHistories {
  view: LedgerView;
  /** Undefined: the wiki does not have it, in the history of its newest commit. */
  ours(oid: Oid): Promise<(Commit & { ordinal: number }) | undefined>;
  /** @throws KittiwakeError `object_missing` */
  commit(oid: Oid): Promise<Commit>;
  /** @throws KittiwakeError `object_missing` */
  tree(oid: Oid): Promise<Tree>;
  /** @throws KittiwakeError `object_missing` */
  blob(oid: Oid): Promise<Buffer>;
}

export function bothHistories(
  repository: LedgerRepository,
  view: LedgerView,
  incoming: IncomingObjects,
): BothHistories {
  return {
    view,
    ours: oid => view.commit(oid),
    commit: async oid => {
      const known = incoming.typeOf(oid) === 'commit' ? undefined : await view.commit(oid);
      return known ?? decodeCommit(incoming.object(oid).bytes);
    },
    tree: async oid =>
      incoming.typeOf(oid) === 'tree'
        ? Tree.parse(incoming.object(oid).bytes)
        : await repository.trees.load(oid, undefined, view.treeSource),
    blob: async oid => (incoming.typeOf(oid) === 'blob' ? incoming.object(oid).bytes : await view.blob(oid)),
  };
}
