import { KittiwakeError } from '../core/errors.ts';
import type { PutOutcome } from '../storage/byte-store.ts';
import type { Oid } from './object/objects.ts';

/** An object whose bytes are not what its id or its type promises. */
export function objectCorrupt(what: string, why: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('object_corrupt', `Reading the object ${what} fails: ${why}`, {
    data: { object: what },
    cause,
  });
}

/** An object that is referred to and not there, or there with another type than the wanted one. */
export function objectMissing(oid: Oid, why = 'it is in no pack and not in the journal'): KittiwakeError {
  return new KittiwakeError('object_missing', `Reading the object ${oid} fails: ${why}`, { data: { oid } });
}

export function packCorrupt(why: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('pack_corrupt', `Reading the pack fails: ${why}`, { cause });
}

/** A pack or an index whose last bytes are not the checksum of those before. */
export function fileBroken(key: string): KittiwakeError {
  return new KittiwakeError(
    'pack_corrupt',
    `Reading "${key}" fails: its checksum does not match, it was cut off or changed`,
    { data: { key } },
  );
}

export function packIndexCorrupt(why: string): KittiwakeError {
  return new KittiwakeError('pack_index_corrupt', `Reading the pack index fails: ${why}`);
}

export function deltaCorrupt(why: string): KittiwakeError {
  return new KittiwakeError('delta_corrupt', `Applying the delta fails: ${why}`);
}

export function ledgerCorrupt(what: string): KittiwakeError {
  return new KittiwakeError('ledger_corrupt', `Reading the ledger fails: ${what}; see "kittiwake restore"`);
}

export function ledgerNewer(found: number, known: number): KittiwakeError {
  return new KittiwakeError(
    'ledger_newer',
    `Reading the ledger fails: its format is ${found}, this release knows up to ${known}; use a newer release`,
    { data: { found, known } },
  );
}

export function wikiAbsent(uuid: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_absent',
    `Opening the wiki ${uuid} fails: it has no ledger; create it with "wiki create"`,
  );
}

/** Packs without their ledger: nothing is born onto them. */
export function wikiLost(uuid: string, location: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_lost',
    `Opening the wiki ${uuid} fails: ${location} holds its packs but not "ledger/${uuid}"; see "kittiwake restore"`,
  );
}

export function packMissing(key: string): KittiwakeError {
  return new KittiwakeError(
    'pack_missing',
    `Reading "${key}" fails: the ledger lists it but it is not stored`,
    { data: { key } },
  );
}

export function flushFailed(name: string, extension: string, outcome: PutOutcome): KittiwakeError {
  return new KittiwakeError(
    'flush_failed',
    `Storing "${name}.${extension}" fails: the store answered "${outcome.kind}"`,
    {
      cause: outcome.kind === 'unknown' ? outcome.cause : undefined,
    },
  );
}

export function pathClash(path: string, why: string): KittiwakeError {
  return new KittiwakeError('path_clash', `Changing "${path}" fails: ${why}`, { data: { path } });
}

export function pathUnsafe(path: string): KittiwakeError {
  return new KittiwakeError(
    'path_unsafe',
    `Writing ${JSON.stringify(path)} fails: every segment must be a name that any file system keeps apart from ".git", ".", ".." and control characters, of at most 255 bytes`,
    { data: { path } },
  );
}

export function policyTooLarge(bytes: number, maxBytes: number): KittiwakeError {
  return new KittiwakeError(
    'policy_too_large',
    `Changing the policy fails: it would have ${bytes} bytes, the limit is ${maxBytes}; use fewer rules`,
    { data: { bytes, maxBytes } },
  );
}

/** Collections of garbage, restores or other purges came between each time. Nothing was changed. */
export function purgeOvertaken(): KittiwakeError {
  return new KittiwakeError(
    'purge_overtaken',
    'Purging fails: a collection of garbage, a restore or another purge was faster each time; try again',
  );
}

/** A version of the ledger from before contents were purged. */
export function restorePurged(): KittiwakeError {
  return new KittiwakeError(
    'restore_purged',
    'Restoring that version fails: contents were purged since, which it would bring back; choose a newer one',
  );
}

/** More writes of the policy followed than are remembered. */
export function policyOutcomeUnknown(): KittiwakeError {
  return new KittiwakeError(
    'outcome_unknown',
    'Changing the policy: too many changes followed to tell the outcome',
  );
}

export function idempotencyMismatch(): KittiwakeError {
  return new KittiwakeError(
    'idempotency_mismatch',
    'Repeating the request fails: its Idempotency-Key was used with another method, path or body; use a new key',
  );
}

/** `map_corrupt`: the bytes of a map are not those that were written. The index counts as a section. */
export function mapCorrupt(map: string, section: string, reason: string, cause?: unknown) {
  return new KittiwakeError('map_corrupt', `Reading section "${section}" of map "${map}" found ${reason}`, {
    data: { map, section },
    cause,
  });
}

/** `map_unsorted`: a mistake of the program; such a map would hide what it holds. Names no path. */
export function mapUnsorted(section: string, position: number) {
  return new KittiwakeError(
    'map_unsorted',
    `Writing section "${section}" got entry ${position} not above the one before, wanted ascending keys`,
    { data: { section, position } },
  );
}

/** What was uploaded is not what was announced; nothing was committed. */
export function uploadDiffers(found: string): KittiwakeError {
  return new KittiwakeError('upload_differs', `Taking the upload fails: it has ${found}`);
}

export function uploadInvalid(id: string): KittiwakeError {
  const shown = JSON.stringify(id.length > 200 ? `${id.slice(0, 200)}…` : id);
  return new KittiwakeError(
    'upload_invalid',
    `Taking the upload ${shown} fails: it is no id of an upload; use the one that came with its URL`,
  );
}

export function uploadNotFound(): KittiwakeError {
  return new KittiwakeError(
    'upload_not_found',
    'Taking the upload fails: nothing was uploaded under its id; send the bytes to its URL first',
  );
}

export function uploadExpired(): KittiwakeError {
  return new KittiwakeError(
    'upload_expired',
    'Taking the upload fails: its id was given out more than 24 hours ago; begin again with a new one',
  );
}

/** A pack that was stored to be committed, and is no longer there. */
export function packCollected(): KittiwakeError {
  return new KittiwakeError(
    'packs_collected',
    'Committing the file fails: a collection of garbage ran meanwhile and took it; send it again',
  );
}

/** The store keeps no older versions of the ledger at all. */
export function versionsUnkept(location: string): KittiwakeError {
  return new KittiwakeError(
    'versions_unkept',
    `Looking for versions of the ledger fails: ${location} keeps none; a bucket must have versioning enabled before something happens`,
  );
}

export function versionNotFound(id: string, key: string): KittiwakeError {
  return new KittiwakeError(
    'version_not_found',
    `Reading the version "${id}" of "${key}" fails: it is not kept; "kittiwake restore" lists those that are`,
    { data: { id, key } },
  );
}

/** Files that a version of the ledger lists and that are neither stored nor kept as older versions. */
export function restoreSourceGone(keys: readonly string[]): KittiwakeError {
  const more = keys.length > 1 ? ` and ${keys.length - 1} more` : '';
  return new KittiwakeError(
    'restore_incomplete',
    `Restoring the ledger fails: "${keys[0]}"${more} is gone for good, which that version needs; choose another one`,
    { data: { key: keys[0], keys } },
  );
}

export function restoreNeedless(id: string): KittiwakeError {
  return new KittiwakeError(
    'restore_needless',
    `Restoring the version "${id}" fails: it is the current one; choose an older one`,
  );
}

/** Others changed the ledger each time: collections, or another restore. Nothing was changed. */
export function restoreOvertaken(): KittiwakeError {
  return new KittiwakeError(
    'restore_overtaken',
    'Restoring the ledger fails: a collection of garbage or another restore was faster; look at the versions and try again',
  );
}
