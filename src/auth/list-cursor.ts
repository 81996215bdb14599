import { KittiwakeError } from '../core/errors.ts';
import { isStorable } from './storable-text.ts';

/** A cursor of a list that goes on after the item with this key. */
export function encodeCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/**
 * The key in a cursor.
 * @param isKey says which texts can be one
 * @throws KittiwakeError `cursor_invalid`
 */
export function decodeCursor(cursor: string, isKey: (text: string) => boolean): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor.length > 2_000 || !isStorable(key) || !isKey(key)) {
    throw new KittiwakeError('cursor_invalid', 'Invalid cursor: use next_cursor of the answer before');
  }
  return key;
}
