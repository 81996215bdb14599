import { isKittiwakeError } from '../../core/errors.ts';
import type { GetOutcome, KeptVersion, Version } from '../../storage/byte-store.ts';
import { versionNotFound, versionsUnkept, wikiAbsent } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ledgerFormat, ledgerKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';

/** Readable versions that are looked at for the newest state of the wiki; in another order than usual only by hand. */
const SURVEYED = 10;
/** Versions that are looked at in all. */
const MAX_LOOKED_AT = 100;

/** A version of the ledger that the store keeps. */
export interface LedgerVersion extends KeptVersion {
  /** Undefined: it is a deletion, or cannot be read. */
  ledger: Ledger | undefined;
  /** Code of the error when it cannot be read. */
  problem?: string;
}

/** What a restored ledger has to follow. */
export interface Survey {
  /** The newest state of the wiki that is known. */
  newest: Ledger;
  /** What lies under the ledger's key: that state, nothing, or something that no process goes on from. */
  present: { kind: 'usable' } | { kind: 'absent' } | { kind: 'unusable'; version: Version };
}

/**
 * The versions of the ledger that are kept, newest first, each read when it is asked for.
 * @throws KittiwakeError `versions_unkept`
 */
export async function* ledgerVersions(
  repository: LedgerRepository,
  wanted: (version: KeptVersion) => boolean = () => true,
): AsyncGenerator<LedgerVersion> {
  const { store, uuid } = repository;
  if (!store.versions) throw versionsUnkept(store.location);
  for await (const kept of store.versions(ledgerKey(uuid))) {
    if (!wanted(kept)) continue;
    yield kept.isDeleted ? { ...kept, ledger: undefined } : await readable(repository, kept);
  }
}

/** @throws KittiwakeError `version_not_found`, `ledger_newer`, `ledger_corrupt` */
export async function readVersion(repository: LedgerRepository, id: string): Promise<Ledger> {
  const { store, uuid } = repository;
  if (!store.getVersion) throw versionsUnkept(store.location);
  const got = await store.getVersion(ledgerKey(uuid), id);
  if (got.kind !== 'found') throw versionNotFound(id, ledgerKey(uuid));
  return ledgerFormat.decode(got.bytes);
}

async function readable(repository: LedgerRepository, kept: KeptVersion): Promise<LedgerVersion> {
  try {
    const ledger = await readVersion(repository, kept.id);
    if (ledger.stamp.uuid === repository.uuid) return { ...kept, ledger };
    return { ...kept, ledger: undefined, problem: 'object_replaced' };
  } catch (error) {
    const problem = isKittiwakeError(error) ? error.code : 'object_unreadable';
    if (problem.startsWith('storage_')) throw error;
    return { ...kept, ledger: undefined, problem };
  }
}

/**
 * Finds the newest state of the wiki, also when its ledger is deleted or overwritten.
 * @throws KittiwakeError `ledger_newer`, `versions_unkept`, `wiki_absent` when no version is readable
 */
export async function surveyLedger(repository: LedgerRepository): Promise<Survey> {
  const { store, uuid } = repository;
  let newest = await newestKept(repository);
  const got = await store.get(ledgerKey(uuid));
  if (got.kind === 'found') {
    const current = decoded(got, uuid);
    if (current && current.stamp.seq >= (newest?.stamp.seq ?? 0))
      return { newest: current, present: { kind: 'usable' } };
    newest ??= current;
  }
  if (!newest) throw wikiAbsent(uuid);
  if (got.kind !== 'found') return { newest, present: { kind: 'absent' } };
  return { newest, present: { kind: 'unusable', version: got.version } };
}

async function newestKept(repository: LedgerRepository): Promise<Ledger | undefined> {
  let newest: Ledger | undefined;
  let [read, looked] = [0, 0];
  for await (const { ledger } of ledgerVersions(repository)) {
    if (ledger && ledger.stamp.seq > (newest?.stamp.seq ?? -1)) newest = ledger;
    if (ledger) read += 1;
    looked += 1;
    if (read >= SURVEYED || looked >= MAX_LOOKED_AT) break;
  }
  return newest;
}

/** Undefined for what no process could go on from. A ledger of a newer release is left alone. */
function decoded(got: GetOutcome & { kind: 'found' }, uuid: string): Ledger | undefined {
  try {
    const ledger = ledgerFormat.decode(got.bytes);
    return ledger.stamp.uuid === uuid ? ledger : undefined;
  } catch (error) {
    if (isKittiwakeError(error, 'ledger_newer')) throw error;
    return undefined;
  }
}
