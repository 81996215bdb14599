import { isKittiwakeError } from '../../src/core/errors.ts';
import { randomId } from '../../src/core/runtime.ts';
import { formatCommit } from '../../src/git/commit/commit.ts';
import type { PackBatches } from '../../src/git/foreign/pack-batches.ts';
import type { Oid } from '../../src/git/object/objects.ts';
import { DEFAULT_COMMITTER, type LedgerRepository } from '../../src/git/open.ts';
import type { Change, View } from '../../src/git/repository.ts';
import { Tree } from '../../src/git/tree/tree.ts';
import { adoptHistory } from '../../src/git/upkeep/adopt.ts';

export interface CommitAdoption {
  repository: LedgerRepository;
  /** Holds the blobs that the changes name; gets the trees and the commit. */
  batches: PackBatches;
  /** Decides on what is there now what is to be changed; asked again whenever others have committed. */
  changes(view: View): Promise<readonly Change[]>;
  message: string;
  author: { name: string; email: string };
  signal?: AbortSignal | undefined;
}

/** Other writers may commit meanwhile: so often the commit is made again on top of theirs. */
const ATTEMPTS = 5;

/** The longest wait before the second attempt; it doubles with each. Random, so that two imports part. */
const FIRST_WAIT_MS = 100;

/**
 * Commits changes whose blobs are packed already, so that a commit of any size is one swap.
 * @returns the new head
 * @throws KittiwakeError what `changes` throws; `head_moved` or `not_fast_forward` when others commit all the time;
 *   `packs_collected`, `path_clash`
 */
export async function adoptCommit(adoption: CommitAdoption): Promise<Oid> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryAdopt(adoption);
    } catch (error) {
      const moved = isKittiwakeError(error, 'head_moved') || isKittiwakeError(error, 'not_fast_forward');
      if (!moved || attempt === ATTEMPTS) throw error;
    }
    const { random, sleep } = adoption.repository.runtime;
    await sleep(random() * FIRST_WAIT_MS * 2 ** (attempt - 1));
    adoption.signal?.throwIfAborted();
  }
}

async function tryAdopt({
  repository,
  batches,
  changes,
  message,
  author,
  signal,
}: CommitAdoption): Promise<Oid> {
  const view = await repository.view({ maxAgeMs: 0 });
  const load = (oid: Oid, folder: string | undefined) => repository.trees.load(oid, folder, view.treeSource);
  const made = await formatCommit(
    { changes: await changes(view), message, author },
    {
      ledger: view.ledger,
      requestId: randomId(repository.runtime),
      nowMs: repository.runtime.now(),
      committer: DEFAULT_COMMITTER,
      root: view.head === undefined ? Tree.empty : await load((await view.entry(''))?.oid ?? '', ''),
      load,
      large: () => undefined,
      known: () => true,
    },
  );
  for (const tree of made.trees) await batches.add('tree', tree.oid, tree.parts());
  await batches.add('commit', made.entry.oid, made.entry.bytes);
  await batches.finish();
  signal?.throwIfAborted();
  const place = (oid: Oid) => batches.place(oid);
  const packs = batches.packs.toReversed();
  const { collections } = batches;
  await adoptHistory(repository, { head: made.entry.oid, packs, collections, place });
  return made.entry.oid;
}
