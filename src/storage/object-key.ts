import { storageKeyInvalid } from './errors.ts';

/**
 * Keys that every backend can hold: 1 to 1,000 characters, segments of 1 to 240 ASCII letters, digits and
 * `! # $ % & ' ( ) + , - . ; = @ _` separated by `/`; no segment is `.` or `..`. The character `~` is left to the
 * backends for names of their own.
 */
const segmentPattern = /^[A-Za-z0-9!#$%&'()+,\-.;=@_]{1,240}$/;
const maxKeyCharacters = 1000;

/** The most keys that one `list` answers, and its default. */
export const maxListed = 1000;

/** @throws KittiwakeError `storage_key_invalid` */
export function checkKey(key: string): void {
  if (key.length > maxKeyCharacters) {
    throw storageKeyInvalid(key, `it has ${key.length} characters, the limit is ${maxKeyCharacters}`);
  }
  for (const segment of key.split('/')) checkSegment(key, segment);
}

/** A prefix is the beginning of a key; it may be empty and may end anywhere. @throws `storage_key_invalid` */
export function checkPrefix(prefix: string): void {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  for (const segment of segments) checkSegment(prefix, segment);
  if (last !== '' && last !== '.' && last !== '..') checkSegment(prefix, last);
}

/** True for what {@link checkKey} lets pass. */
export function isKey(text: string): boolean {
  return text.length <= maxKeyCharacters && text.split('/').every(isKeySegment);
}

/** True for what may stand between two slashes of a key. */
export function isKeySegment(name: string): boolean {
  return segmentPattern.test(name) && name !== '.' && name !== '..';
}

function checkSegment(key: string, segment: string): void {
  if (isKeySegment(segment)) return;
  throw storageKeyInvalid(
    key,
    segment === '' ? 'a segment is empty' : `the segment ${JSON.stringify(segment)} is not allowed`,
  );
}
