import { KittiwakeError } from '../core/errors.ts';

/** Apart from the others of this folder: few requests create a wiki, and none of the first. */

export function wikiLost(location: string, uuid: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_lost',
    `Creating the wiki fails: ${location} holds packs or older ledgers of ${uuid} but not its ledger; see "kittiwake restore"`,
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
