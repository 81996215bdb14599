import { encodeName } from '../object/entry-name.ts';
import type { FolderEntry } from '../repository.ts';
import { checkEntry, compareEntries, encodeEntry, noOid, OID_BYTES } from './tree-entry.ts';

/** Raw entries one after the other; entry i spans `starts[i]` to `starts[i + 1]`. */
interface RawEntries {
  bytes: Buffer;
  starts: Uint32Array;
}

const OID_ROOM = '\0'.repeat(OID_BYTES);

/**
 * The raw entries, one after the other, in git's order.
 * @throws KittiwakeError `object_corrupt` for a name, mode or id that no tree can hold
 */
export function encodeEntries(entries: Iterable<FolderEntry>): Buffer {
  const list = [...entries];
  const raw = encodeAll(list);
  return inOrder(raw) ? raw.bytes : sorted(raw);
}

/** All names go through one call, and all ids through another: for 100,000 entries that is five times faster. */
function encodeAll(entries: readonly FolderEntry[]): RawEntries {
  let [heads, oids] = ['', ''];
  const starts = new Uint32Array(entries.length + 1);
  for (const [i, { name, mode, oid }] of entries.entries()) {
    checkEntry(name, mode);
    if (oid.length !== 2 * OID_BYTES) throw noOid(oid);
    if (!name.isWellFormed()) return encodeEach(entries);
    const head = `${mode.toString(8)} ${name}\0`;
    heads += head + OID_ROOM;
    oids += oid;
    starts[i + 1] = (starts[i] as number) + Buffer.byteLength(head) + OID_BYTES;
  }
  const bytes = Buffer.from(heads);
  const ids = Buffer.from(oids, 'hex');
  if (ids.length !== entries.length * OID_BYTES)
    throw noOid(entries[Math.floor(ids.length / OID_BYTES)]?.oid ?? '');
  for (let i = 0; i < entries.length; i += 1) {
    const from = i * OID_BYTES;
    const to = (starts[i + 1] as number) - OID_BYTES;
    for (let k = 0; k < OID_BYTES; k += 1) bytes[to + k] = ids[from + k] as number;
  }
  return { bytes, starts };
}

function encodeEach(entries: readonly FolderEntry[]): RawEntries {
  const starts = new Uint32Array(entries.length + 1);
  const parts: Buffer[] = [];
  for (const [i, { name, mode, oid }] of entries.entries()) {
    const entry = encodeEntry(encodeName(name), mode, oid);
    parts.push(entry);
    starts[i + 1] = (starts[i] as number) + entry.length;
  }
  return { bytes: Buffer.concat(parts), starts };
}

function inOrder({ bytes, starts }: RawEntries): boolean {
  for (let i = 2; i < starts.length; i += 1) {
    const [a, b, end] = [starts[i - 2] as number, starts[i - 1] as number, starts[i] as number];
    if (compareEntries(bytes, a, b, b, end) > 0) return false;
  }
  return true;
}

function sorted({ bytes, starts }: RawEntries): Buffer {
  const end = (i: number) => starts[i + 1] as number;
  const order = Array.from({ length: starts.length - 1 }, (_, i) => i);
  order.sort((a, b) => compareEntries(bytes, starts[a] as number, end(a), starts[b] as number, end(b)));
  const target = Buffer.allocUnsafe(bytes.length);
  let at = 0;
  for (const i of order) at += bytes.copy(target, at, starts[i], starts[i + 1]);
  return target;
}
