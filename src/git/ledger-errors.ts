import { KittiwakeError } from '../core/errors.ts';
import type { PutOutcome } from '../storage/byte-store.ts';

export function ledgerCorrupt(what: string): KittiwakeError {
  return new KittiwakeError(
    'ledger_corrupt',
    `Reading the ledger fails: ${what}; restore an older version of it`,
  );
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
    `Opening the wiki ${uuid} fails: ${location} holds its packs but not "ledger/${uuid}"; restore that`,
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

export function idempotencyMismatch(): KittiwakeError {
  return new KittiwakeError(
    'idempotency_mismatch',
    'Repeating the request fails: its Idempotency-Key was used with another method, path or body; use a new key',
  );
}
