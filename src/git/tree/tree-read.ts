import { decodeName } from '../object/entry-name.ts';
import type { FolderEntry } from '../repository.ts';
import type { Chunk } from './tree-chunk.ts';
import { entryEnd } from './tree-chunk.ts';
import { modeAt, modeEnd, OID_BYTES } from './tree-entry.ts';

export function readEntry(chunk: Chunk, index: number): FolderEntry {
  const { bytes } = chunk;
  const start = chunk.starts[index] as number;
  const end = entryEnd(chunk, index);
  const oidAt = end - OID_BYTES;
  return {
    name: decodeName(bytes.subarray(modeEnd(bytes, start) + 1, oidAt - 1)),
    mode: modeAt(bytes, start),
    oid: bytes.toString('hex', oidAt, end),
  };
}

/** All entries of a chunk. The chunk is decoded at once and then cut up, which is faster than entry by entry. */
export function* readEntries(chunk: Chunk): Generator<FolderEntry> {
  const { bytes, starts } = chunk;
  const text = bytes.toString('latin1');
  const hex = bytes.toString('hex');
  for (let i = 0; i < starts.length; i += 1) {
    const start = starts[i] as number;
    const end = entryEnd(chunk, i);
    const [from, to] = [modeEnd(bytes, start) + 1, end - OID_BYTES - 1];
    yield {
      name: isAscii(bytes, from, to) ? text.slice(from, to) : decodeName(bytes.subarray(from, to)),
      mode: modeAt(bytes, start),
      oid: hex.slice(2 * (to + 1), 2 * end),
    };
  }
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((bytes[at] as number) >= 0x80) return false;
  return true;
}
