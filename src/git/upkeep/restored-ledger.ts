import { ByteReader } from '../byte-codec.ts';
import { largePacks } from '../commit/large-packs.ts';
import { Journal } from '../ledger/journal.ts';
import type { JournalEntry } from '../ledger/journal-entry.ts';
import { decodeEntry } from '../ledger/journal-entry.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import { liveSegments } from './restore-files.ts';

/** New names of files that could not keep theirs. */
export type NewNames = ReadonlyMap<string, string>;

/** Names that a ledger lists, and that therefore nobody may condemn. */
export function listedNames(ledger: Ledger): Set<string> {
  const large = largePacks(ledger).map(({ ref }) => ref);
  return new Set([...ledger.packs, ...ledger.keySegments, ...large].map(({ name }) => name));
}

/**
 * Names that the older ledger lists and that must not be listed again as they are: each was condemned after it, or may have
 * been. Whoever condemned it may sleep, and delete its files on waking up.
 */
export function condemnedSince(older: Ledger, current: Ledger): string[] {
  const listed = listedNames(current);
  const condemned = new Set(current.condemned.map(({ name }) => name));
  const isSame = older.collections === current.collections;
  return [...listedNames(older)].filter(name => !listed.has(name) && !(isSame && !condemned.has(name)));
}

/**
 * The older ledger as the successor of the current one. It keeps what must never go back: the policy (rules that were laid down
 * since do not give way to older ones), the condemned names, and the number of collections, which rises, so that nothing is listed that others have stored for any ledger before. `trims` tells its
 * journal from all others.
 */
export function restoredLedger(
  older: Ledger,
  current: Ledger,
  { newNames, trims, nowMs }: { newNames: NewNames; trims: number; nowMs: number },
): Ledger {
  const renamed = (name: string) => newNames.get(name) ?? name;
  return {
    ...older,
    stamp: current.stamp,
    packs: older.packs.map(pack => renamePack(pack, renamed)),
    keySegments: liveSegments(older, nowMs).map(each => ({ ...each, name: renamed(each.name) })),
    condemned: current.condemned,
    policy: current.policy,
    epoch: current.epoch,
    gone: current.gone,
    collections: Math.max(older.collections, current.collections) + 1,
    journal: renameJournal(older.journal, trims, renamed),
  };
}

function renamePack(pack: PackRef, renamed: (name: string) => string): PackRef {
  const { name, map } = pack;
  const moved = { ...pack, name: renamed(name) };
  return map ? { ...moved, map: { ...map, packs: map.packs.map(renamed) } } : moved;
}

function renameJournal(journal: Journal, trims: number, renamed: (name: string) => string): Journal {
  const reader = new ByteReader(Buffer.concat(journal.chunks()), 0);
  let result = Journal.empty({ ...journal.base, trims });
  while (!reader.done) result = result.append(renameEntry(decodeEntry(reader), renamed));
  return result;
}

function renameEntry(entry: JournalEntry, renamed: (name: string) => string): JournalEntry {
  if (!entry.commit) return entry;
  const blobs = entry.commit.blobs.map(blob =>
    blob.encoding === 'pack' ? { ...blob, place: { ...blob.place, pack: renamed(blob.place.pack) } } : blob,
  );
  return { ...entry, commit: { ...entry.commit, blobs } };
}
