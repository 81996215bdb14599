import { KittiwakeError } from '../core/errors.ts';

export function wikiAbsent(location: string, name: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_absent',
    `Opening the wiki fails: ${location} holds none of the name "${name}", create it first, or name another one with --wiki`,
  );
}

export function wikiNameUnreadable(location: string, key: string): KittiwakeError {
  return new KittiwakeError(
    'wiki_name_unreadable',
    `Opening the wiki fails: "${key}" in ${location} names no wiki, it must hold {"uuid":"<32 hex digits>", …}`,
  );
}
