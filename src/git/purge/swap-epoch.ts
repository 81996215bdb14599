import { randomId } from '../../core/runtime.ts';
import type { GoneRef, Ledger } from '../ledger/ledger.ts';
import { headOf } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import { findOrphans } from '../upkeep/gc.ts';
import { decodeGone, encodeGone } from './gone-list.ts';
import type { NewEpoch } from './new-epoch.ts';
import { rewriteRecords } from './purge-records.ts';
import { epochOf, type Selection } from './selection.ts';

/** How long the swap is tried for while others write. */
const PATIENCE_MS = 600_000;

/** Lists the new epoch in place of all that is there. False: it is for another state of the wiki. */
export async function swapEpoch(
  repository: LedgerRepository,
  examined: Ledger,
  epoch: NewEpoch,
  selection: Selection,
): Promise<boolean> {
  const made = new Set<string>();
  const unlisted = await findUnlisted(repository, examined, epoch);
  return repository.amend<boolean>({
    deadlineMs: repository.runtime.now() + PATIENCE_MS,
    apply: async current => {
      if (!(await follows(repository, current, examined, epoch))) return { kind: 'keep', result: false };
      await epoch.advance(repository.viewOf(current));
      const gone = epoch.replaced.size > 0 ? await writeGone(repository, current, epoch) : current.gone;
      for (const name of [gone?.name, ...namesOf(epoch)]) if (name !== undefined) made.add(name);
      for (const name of listedNames(repository, current)) made.delete(name);
      const segment = await rewriteRecords(repository, current, { replaced: epoch.replaced, selection });
      const pages = repository.isPage && (await epoch.view.usage()).pages;
      const keySegments = segment ? [segment] : [];
      const next = replaced(repository, current, epoch.ledger, { gone, keySegments, pages });
      return { kind: 'change', value: condemning(next, unlisted, repository.runtime.now()), result: true };
    },
    settle: async ({ gone, packs }) =>
      [...packs, ...(gone ? [gone] : [])].some(({ name }) => made.has(name)) ? true : undefined,
  });
}

/** Files that nobody lists may hold what goes, too. Those of the new epoch are not meant. */
async function findUnlisted(
  repository: LedgerRepository,
  ledger: Ledger,
  epoch: NewEpoch,
): Promise<string[]> {
  const own = new Set(namesOf(epoch));
  return (await findOrphans(repository, ledger, 0)).filter(name => !own.has(name));
}

function namesOf({ ledger }: NewEpoch): string[] {
  return ledger.packs.map(({ name }) => name);
}

/** True when `current` has only grown since, and no collection can have taken the new packs. */
async function follows(
  repository: LedgerRepository,
  current: Ledger,
  examined: Ledger,
  epoch: NewEpoch,
): Promise<boolean> {
  const names = new Set(namesOf(epoch));
  if (current.collections !== epoch.collections || epochOf(current) !== epochOf(examined)) return false;
  if (current.condemned.some(({ name }) => names.has(name))) return false;
  const head = headOf(examined).oid;
  return head === undefined || (await repository.viewOf(current).commit(head)) !== undefined;
}

/** All commits that were ever replaced, by what they are now. */
async function writeGone(
  { packs, runtime }: LedgerRepository,
  { gone }: Ledger,
  { replaced: made }: NewEpoch,
): Promise<GoneRef> {
  const earlier = gone ? decodeGone(await packs.read(gone.name, 'gone', 0, gone.bytes)) : new Map<Oid, Oid>();
  const all = new Map([...earlier].map(([before, after]) => [before, made.get(after) ?? after]));
  for (const [before, after] of made) all.set(before, after);
  const bytes = encodeGone(all);
  const name = `pack-${randomId(runtime)}`;
  await packs.write(name, 'gone', [bytes]);
  return { name, bytes: bytes.length, count: all.size };
}

function replaced(
  repository: LedgerRepository,
  current: Ledger,
  made: Ledger,
  parts: Pick<Ledger, 'gone' | 'keySegments' | 'pages'>,
): Ledger {
  const { base } = current.journal;
  const journal = made.journal.successorOf({ ...base, seq: current.stamp.seq });
  const next = {
    ...current,
    ...parts,
    refs: made.refs,
    packs: made.packs,
    journal,
    epoch: epochOf(current) + 1,
    strays: made.strays,
    collections: current.collections + 1,
  };
  return condemning(next, listedNames(repository, current), repository.runtime.now());
}

function listedNames(repository: LedgerRepository, ledger: Ledger): string[] {
  const large = repository.viewOf(ledger).largePacks();
  const gone = ledger.gone ? [ledger.gone] : [];
  return [...ledger.packs, ...large, ...ledger.keySegments, ...gone].map(({ name }) => name);
}

/** Condemns names that the ledger does not list. */
function condemning(ledger: Ledger, names: readonly string[], nowMs: number): Ledger {
  const listed = [...ledger.packs, ...ledger.keySegments, ...(ledger.gone ? [ledger.gone] : [])];
  const known = new Set([...listed, ...ledger.condemned].map(({ name }) => name));
  const seconds = Math.floor(nowMs / 1000);
  const fresh = [...new Set(names)].filter(name => !known.has(name));
  return { ...ledger, condemned: [...ledger.condemned, ...fresh.map(name => ({ name, seconds }))] };
}
