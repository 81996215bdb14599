import { objectCorrupt } from '../errors.ts';
import type { Oid } from '../object/objects.ts';
import { MODE_FOLDER } from '../object/objects.ts';

/** Raw tree entries: octal mode, space, name, NUL, 20 bytes of id. See git-ls-tree(1) and gitformat-pack(5). */
export const OID_BYTES = 20;
const SPACE = 0x20;
const SLASH = 0x2f;
const ZERO = 0x30;
const MAX_MODE = 0o177777;
const MAX_MODE_DIGITS = 7;

export function isFolderMode(mode: number): boolean {
  return (mode & 0o170000) === MODE_FOLDER;
}

/** What git orders a tree by: the name, ended by `/` for a folder and NUL for everything else. */
export function entryKey(name: Buffer, folder: boolean): Buffer {
  const key = Buffer.allocUnsafe(name.length + 1);
  key.set(name);
  key[name.length] = folder ? SLASH : 0;
  return key;
}

/**
 * The entry of a checked name and mode.
 * @throws KittiwakeError `object_corrupt` when the id is none
 */
export function encodeEntry(name: Buffer, mode: number, oid: Oid): Buffer {
  const digits = mode.toString(8);
  const bytes = Buffer.allocUnsafe(digits.length + name.length + 2 + OID_BYTES);
  let at = bytes.write(digits, 0, 'latin1');
  bytes[at++] = SPACE;
  bytes.set(name, at);
  at += name.length;
  bytes[at++] = 0;
  if (oid.length !== 2 * OID_BYTES || bytes.write(oid, at, 'hex') !== OID_BYTES) throw noOid(oid);
  return bytes;
}

export function noOid(oid: string): Error {
  return objectCorrupt('tree', `"${oid}" is no object id`);
}

/** @throws KittiwakeError `object_corrupt` for a name or mode that no tree can hold */
export function checkEntry(name: string, mode: number): void {
  if (name === '' || name.includes('\0') || name.includes('/')) {
    throw objectCorrupt('tree', `the name ${JSON.stringify(name)} is empty or holds "/" or NUL`);
  }
  if (!Number.isInteger(mode) || mode <= 0 || mode > MAX_MODE) {
    throw objectCorrupt('tree', `the mode ${mode} is none of git's`);
  }
}

/** Offset of the space behind the mode of the entry at `start`; the entry was checked before. */
export function modeEnd(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (bytes[at] !== SPACE) at += 1;
  return at;
}

export function modeAt(bytes: Buffer, start: number): number {
  let mode = 0;
  for (let at = start; bytes[at] !== SPACE; at += 1) mode = mode * 8 + (bytes[at] as number) - ZERO;
  return mode;
}

/**
 * Checks the entry at `start` and returns where it ends.
 * @throws KittiwakeError `object_corrupt`
 */
export function checkedEnd(bytes: Buffer, start: number): number {
  let at = start;
  let mode = 0;
  for (; bytes[at] !== SPACE; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 7 || at - start >= MAX_MODE_DIGITS)
      throw corruptAt(start, 'its mode is not octal');
    mode = mode * 8 + digit;
  }
  if (mode === 0 || mode > MAX_MODE) throw corruptAt(start, "its mode is none of git's");
  const name = at + 1;
  at = name;
  for (let byte = bytes[at]; byte !== 0; byte = bytes[++at]) {
    if (byte === undefined) throw corruptAt(start, 'its name does not end');
    if (byte === SLASH) throw corruptAt(start, 'its name holds "/"');
  }
  if (at === name) throw corruptAt(start, 'its name is empty');
  const end = at + 1 + OID_BYTES;
  if (end > bytes.length) throw corruptAt(start, 'its id is cut off');
  return end;
}

function corruptAt(offset: number, why: string): Error {
  return objectCorrupt('tree', `the entry at byte ${offset} is malformed: ${why}`);
}

/** Compares the entry that spans `start` to `end` with a key of {@link entryKey}: negative when it comes first. */
export function compareEntry(bytes: Buffer, start: number, end: number, key: Buffer): number {
  const space = modeEnd(bytes, start);
  const nameEnd = end - OID_BYTES - 1;
  let at = space + 1;
  for (let k = 0; k < key.length; k += 1, at += 1) {
    const byte = at < nameEnd ? (bytes[at] as number) : isFolderAt(bytes, start) ? SLASH : 0;
    const difference = byte - (key[k] as number);
    if (difference !== 0 || at >= nameEnd) return difference;
  }
  return 1;
}

function isFolderAt(bytes: Buffer, start: number): boolean {
  return isFolderMode(modeAt(bytes, start));
}

/** Compares two entries of `bytes` in git's order. */
export function compareEntries(bytes: Buffer, a: number, aEnd: number, b: number, bEnd: number): number {
  const aName = aEnd - OID_BYTES - 1;
  const bName = bEnd - OID_BYTES - 1;
  for (let i = modeEnd(bytes, a) + 1, k = modeEnd(bytes, b) + 1; ; i += 1, k += 1) {
    const left = i < aName ? (bytes[i] as number) : isFolderAt(bytes, a) ? SLASH : 0;
    const right = k < bName ? (bytes[k] as number) : isFolderAt(bytes, b) ? SLASH : 0;
    if (left !== right) return left - right;
    if (i >= aName || k >= bName) return 0;
  }
}
