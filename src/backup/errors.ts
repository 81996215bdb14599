import { KittiwakeError } from '../core/errors.ts';

export function backupAbsent(location: string, wiki: string): KittiwakeError {
  return new KittiwakeError(
    'backup_absent',
    `Restoring from ${location}: there is no complete backup of the wiki "${wiki}", "kittiwake backup create" makes one`,
    { data: { location, wiki } },
  );
}

export function backupMoved(location: string, tries: number): KittiwakeError {
  return new KittiwakeError(
    'backup_moved',
    `Backing up ${location}: packs of the ledger were removed ${tries} times while they were copied; try again when no upkeep runs`,
    { data: { location, tries } },
  );
}

export function backupDamaged(location: string, key: string, reason: string): KittiwakeError {
  return new KittiwakeError('backup_damaged', `Copying "${key}" of ${location}: ${reason}`, {
    data: { location, key },
  });
}

export function backupOfOther(location: string, found: string, wanted: string): KittiwakeError {
  return new KittiwakeError(
    'backup_of_other',
    `Backing up to ${location}: it holds the wiki ${found} under that name, not ${wanted}; take another folder`,
    { data: { location, found, wanted } },
  );
}

export function copyUncertain(location: string, key: string, cause: unknown): KittiwakeError {
  return new KittiwakeError(
    'storage_failed',
    `Writing "${key}" to ${location}: nobody knows whether it was stored; run the same again`,
    { data: { location, key }, cause },
  );
}

export function sourceGone(location: string, key: string): KittiwakeError {
  return new KittiwakeError('wiki_lost', `Copying the wiki of ${location}: "${key}" is not there`, {
    data: { location, key },
  });
}

export function restoreExists(location: string, key: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_exists',
    `Restoring to ${location}: "${key}" is there and is not what the backup holds; take an empty folder, prefix or name`,
    { data: { location, key } },
  );
}
