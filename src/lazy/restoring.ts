import type { LedgerRepository } from '../git/open.ts';
import type { RestorePlan } from '../git/upkeep/restore.ts';
import type { DescribedVersion, LedgerSummary } from '../git/upkeep/restore-listing.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { wikiNotNamed } from './creation-errors.ts';
import type { Lazy } from './lazy.ts';
import { identify, isUuid, nameKey, uuidIn } from './wiki-id.ts';

/** Going back to an older version of a wiki's ledger. No request needs any of it. */
export interface Restoring {
  /**
   * The newest versions that are kept and were stored before `beforeMs` (default: any), newest first.
   * @throws KittiwakeError `versions_unkept`
   */
  list(options: { limit: number; beforeMs?: number | undefined }): AsyncIterable<DescribedVersion>;
  /** What restoring a version would come to. */
  plan(id: string): Promise<Plan>;
  /** Carries a plan out. */
  restore(plan: Plan): Promise<Restored>;
}

export interface Plan {
  id: string;
  from: LedgerSummary;
  to: LedgerSummary;
  details: RestorePlan;
}

export interface Restored {
  /** Files that were stored again, under their names or new ones. */
  files: number;
  /** Commits that are no longer in the history, newest first; at most {@link MAX_UNDONE}. */
  undone: { oid: string; seconds: number; subject: string }[];
}

export const MAX_UNDONE = 20;

export function createRestoring(open: Lazy<LedgerRepository>): Restoring {
  const listing = () => import('../git/upkeep/restore-listing.ts');
  const restoring = () => import('../git/upkeep/restore.ts');
  return {
    async *list(options) {
      const [{ describeVersions }, repository] = await Promise.all([listing(), open()]);
      yield* describeVersions(repository, options);
    },
    async plan(id) {
      const [{ planRestore }, { summarize }, repository] = await Promise.all([
        restoring(),
        listing(),
        open(),
      ]);
      const details = await planRestore(repository, id);
      return { id, from: summarize(details.newest), to: summarize(details.older), details };
    },
    async restore({ details }) {
      const [{ restoreLedger }, { commitsBetween }, repository] = await Promise.all([
        restoring(),
        listing(),
        open(),
      ]);
      const { ledger, replaced, files } = await restoreLedger(repository, details.older);
      const commits = await commitsBetween(repository, replaced, ledger, MAX_UNDONE);
      const undone = commits.map(({ oid, author, message }) => {
        return { oid, seconds: author.seconds, subject: message.split('\n')[0] ?? '' };
      });
      return { files, undone };
    },
  };
}

/** The uuid that a wiki's name stood for, where the record of the name was deleted. Undefined: it is there, or never was. */
export async function findLostId(store: ByteStore, name: string): Promise<string | undefined> {
  if (isUuid(name) || !store.versions || !store.getVersion) return undefined;
  const key = nameKey(name);
  if ((await store.get(key)).kind === 'found') return undefined;
  for await (const { id, isDeleted } of store.versions(key)) {
    const got = isDeleted ? undefined : await store.getVersion(key, id);
    if (got?.kind === 'found') return uuidIn(got.bytes);
  }
  return undefined;
}

/** Lets a name stand for its wiki again. @throws KittiwakeError `wiki_not_named` when it does not, or for another one */
export async function nameAgain(store: ByteStore, name: string, uuid: string): Promise<void> {
  const record = Buffer.from(`${JSON.stringify({ format: 1, uuid })}\n`);
  const outcome = await store.put(nameKey(name), [record], { ifAbsent: true });
  if ((await identify(store, name)) !== uuid) throw wikiNotNamed(store.location, nameKey(name), outcome.kind);
}

/** Whether the store keeps older versions of the ledger; true where it does not say. */
export async function keepsVersions(store: ByteStore, uuid: string): Promise<boolean> {
  try {
    for await (const { id } of store.versions?.(`ledger/${uuid}`) ?? []) return id !== 'null';
    return true;
  } catch {
    // To list versions needs a permission that nothing else needs.
    return true;
  }
}
