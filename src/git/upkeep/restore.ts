import { isKittiwakeError } from '../../core/errors.ts';
import { randomId } from '../../core/runtime.ts';
import { restoreNeedless, restoreOvertaken, restorePurged, restoreSourceGone } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { copyFile, FileFinder, type LocatedFile, neededFiles } from './restore-files.ts';
import { readVersion, type Survey, surveyLedger } from './restore-survey.ts';
import { overwriteLedger, type Replacement, swapLedger } from './restore-swap.ts';
import { condemnedSince, type NewNames } from './restored-ledger.ts';

const MAX_ATTEMPTS = 5;

export interface RestorePlan {
  /** The version to be restored, and the newest one. */
  older: Ledger;
  newest: Ledger;
  /** What lies there now: the newest version; nothing; or something that no process can use. */
  present: Survey['present']['kind'];
  /** Keys of files that were deleted and come back from older versions of them. */
  deleted: string[];
  /** Names of packs that are stored anew under other names, as a collection may still delete them. */
  condemned: string[];
  /** Keys of files that nothing can bring back: there must be none. */
  gone: string[];
}

export interface RestoreReport extends Replacement {
  /** Files that were stored again, under their names or new ones. */
  files: number;
}

/**
 * What restoring a version of the ledger would come to. Changes nothing.
 * @throws KittiwakeError `version_not_found`, `restore_needless`, `versions_unkept`, `ledger_newer`, `ledger_corrupt`
 */
export async function planRestore(repository: LedgerRepository, id: string): Promise<RestorePlan> {
  const older = await readVersion(repository, id);
  const { newest, present } = await surveyLedger(repository);
  if (present.kind === 'usable' && older.stamp.nonce === newest.stamp.nonce) throw restoreNeedless(id);
  refusePurged(older, newest);
  const files = await locate(repository, older);
  const keysOf = (kind: LocatedFile['source']['kind']) =>
    files.filter(({ source }) => source.kind === kind).map(({ key }) => key);
  const condemned = condemnedSince(older, newest);
  return {
    older,
    newest,
    present: present.kind,
    deleted: keysOf('kept'),
    condemned,
    gone: keysOf('gone'),
  };
}

/**
 * Makes an older version of the ledger the current one: its files are brought back first, then one swap replaces the ledger
 * by the older content as its successor. Nothing is deleted; what was there stays as an older version.
 * @throws KittiwakeError `restore_incomplete`, `restore_overtaken`; those of {@link Swap.submit}
 */
export async function restoreLedger(repository: LedgerRepository, older: Ledger): Promise<RestoreReport> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const survey = await surveyLedger(repository);
    refusePurged(older, survey.newest);
    const files = await locate(repository, older);
    const gone = files.filter(({ source }) => source.kind === 'gone').map(({ key }) => key);
    if (gone.length > 0) throw restoreSourceGone(gone);
    const newNames = freshNames(repository, condemnedSince(older, survey.newest));
    const stored = await bringBack(repository, files, newNames);
    if (stored === undefined) continue;
    const attemptOn = { older, newest: survey.newest, newNames };
    const made =
      survey.present.kind === 'usable'
        ? await swapLedger(repository, attemptOn)
        : await overwriteLedger(repository, attemptOn, survey.present);
    if (made) return { ...made, files: stored };
  }
  throw restoreOvertaken();
}

/** @throws KittiwakeError `restore_purged` */
function refusePurged(older: Ledger, { epoch }: Ledger): void {
  if (older.epoch !== epoch) throw restorePurged();
}

function locate(repository: LedgerRepository, ledger: Ledger): Promise<LocatedFile[]> {
  return new FileFinder(repository).locate(neededFiles(ledger, repository.runtime.now()));
}

function freshNames({ runtime }: LedgerRepository, names: readonly string[]): NewNames {
  return new Map(names.map(name => [name, `pack-${randomId(runtime)}`]));
}

/**
 * Stores what was deleted, and what needs another name.
 * @returns how many files; undefined when a collection took one of them meanwhile
 */
async function bringBack(
  { store, uuid }: LedgerRepository,
  files: readonly LocatedFile[],
  newNames: NewNames,
): Promise<number | undefined> {
  let count = 0;
  for (const file of files) {
    const newName = newNames.get(file.name);
    if (newName === undefined && file.source.kind === 'stored') continue;
    try {
      await copyFile(store, file, packKey(uuid, newName ?? file.name, file.extension));
    } catch (error) {
      if (isKittiwakeError(error, 'pack_missing')) return undefined;
      throw error;
    }
    count += 1;
  }
  return count;
}
