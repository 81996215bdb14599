import type { Row } from '../layer/layer.ts';
import { orderKey } from '../layer/row-order.ts';

/** Keys of map entries: bytes whose order is the order of the entries. */

/** Greater than all UTF-8, of which no byte is 0xff. */
export const ABOVE_UTF8 = Buffer.from([0xff]);

/** Folder, NUL, name, and a slash after that of a folder: rows stand by folder, then in git's tree order. */
export function rowKey(folder: string, row: Row): Buffer {
  return Buffer.from(`${folder}\0${orderKey(row)}`);
}

/** Bounds (the second exclusive) of the rows of one folder. */
export function folderBounds(folder: string): [Buffer, Buffer] {
  return [Buffer.from(`${folder}\0`), Buffer.from(`${folder}\x01`)];
}

export function pathKey(path: string): Buffer {
  return Buffer.from(path);
}

/** Target, NUL, source. A target, which unlike a path may hold a NUL, is escaped so that the order stays. */
export function linkKey(target: string, source: string): Buffer {
  return Buffer.from(`${escapeTarget(target)}\0${source}`);
}

export function splitLinkKey(key: Buffer): { target: string; source: string } {
  const end = key.indexOf(0);
  return { target: unescapeTarget(key.toString('utf8', 0, end)), source: key.toString('utf8', end + 1) };
}

/** Bounds (the second exclusive) of the links to one target, or to all that start with it. */
export function targetBounds(target: string, prefix: boolean): [Buffer, Buffer] {
  const escaped = escapeTarget(target);
  if (!prefix) return [Buffer.from(`${escaped}\0`), Buffer.from(`${escaped}\x01`)];
  return [Buffer.from(escaped), Buffer.concat([Buffer.from(escaped), ABOVE_UTF8])];
}

/** A target without the bytes that a key needs. */
export function escapeTarget(target: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  return target.replace(/[\0\x01]/g, found => (found === '\0' ? '\x01\x01' : '\x01\x02'));
}

function unescapeTarget(escaped: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what was escaped
  return escaped.replace(/\x01[\x01\x02]/g, found => (found === '\x01\x01' ? '\0' : '\x01'));
}

/** A position in the log. */
export function positionKey(position: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(position);
  return key;
}

/** Bounds (both inclusive) of the ids that start with `prefix`, which may have an odd number of hex digits. */
export function oidBounds(prefix: string): [Buffer, Buffer] {
  return [Buffer.from(prefix.padEnd(40, '0'), 'hex'), Buffer.from(prefix.padEnd(40, 'f'), 'hex')];
}
