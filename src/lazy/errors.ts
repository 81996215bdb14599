import { KittiwakeError } from '../core/errors.ts';

export function wikiAbsent(location: string, name: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_absent',
    `Opening the wiki fails: ${location} holds none of the name "${name}", create it first, or name another one with --wiki`,
  );
}

export function wikiLost(location: string, uuid: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_lost',
    `Creating the wiki fails: ${location} holds packs or older ledgers of ${uuid} but not its ledger; see "kittiwake restore"`,
  );
}

export function wikiNameUnreadable(location: string, key: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_name_unreadable',
    `Opening the wiki fails: "${key}" in ${location} names no wiki, it must hold {"uuid":"<32 hex digits>", …}`,
  );
}

export function wikiExists(location: string, uuid: string): KittiwakeError {
  return new KittiwakeError('wiki_exists', `Creating a wiki fails: ${location} already holds ${uuid}`);
}

export function wikiNotNamed(location: string, key: string, outcome: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_not_named',
    `Creating a wiki fails: writing "${key}" in ${location} ended as "${outcome}", try again`,
  );
}
