import { KittiwakeError } from '../../core/errors.ts';
import type { IdempotencyRecord } from './journal-entry.ts';

/**
 * Idempotency records of flushed commits: rows of 44 bytes sorted by key (16 bytes key, 16 fingerprint, u32 seconds, u32
 * offset and u32 length of the JSON), then the JSON texts. Keys are hashes, hence evenly spread: where a row lies
 * can be told from the key to within a few standard deviations, so that a look-up reads one window.
 */
const ROW_BYTES = 44;

/** How long a record answers repeats. */
export const RECORD_SECONDS = 24 * 3600;

/** The bytes of a segment. Of several records with one key the first counts. */
export function encodeKeySegment(records: Iterable<IdempotencyRecord>): Buffer {
  const unique = new Map<string, IdempotencyRecord>();
  for (const record of records) if (!unique.has(record.key)) unique.set(record.key, record);
  const sorted = [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const rows = Buffer.alloc(sorted.length * ROW_BYTES);
  const texts: Buffer[] = [];
  let offset = rows.length;
  sorted.forEach((record, index) => {
    const text = Buffer.from(record.json);
    const at = index * ROW_BYTES;
    rows.write(record.key, at, 'hex');
    rows.write(record.fingerprint, at + 16, 'hex');
    rows.writeUInt32BE(record.seconds, at + 32);
    rows.writeUInt32BE(offset, at + 36);
    rows.writeUInt32BE(text.length, at + 40);
    texts.push(text);
    offset += text.length;
  });
  return Buffer.concat([rows, ...texts]);
}

type Read = (start: number, end: number) => Promise<Buffer>;

/** Finds the record of `key` in a segment of `count` records. */
export async function findRecord(
  key: string,
  count: number,
  read: Read,
): Promise<IdempotencyRecord | undefined> {
  if (count === 0) return undefined;
  const expected = (Number.parseInt(key.slice(0, 12), 16) / 2 ** 48) * count;
  const spread = 64 + Math.ceil(5 * Math.sqrt(count));
  let [first, last] = [
    Math.max(0, Math.floor(expected) - spread),
    Math.min(count, Math.ceil(expected) + spread),
  ];
  for (;;) {
    const window = await read(first * ROW_BYTES, last * ROW_BYTES);
    if (window.length !== (last - first) * ROW_BYTES) {
      throw new KittiwakeError(
        'key_segment_corrupt',
        `Reading a segment of ${count} idempotency records gives ${window.length} bytes`,
      );
    }
    const found = searchRows(window, key);
    if (typeof found === 'number') return readRecord(key, window.subarray(found, found + ROW_BYTES), read);
    if (found === 'before' && first > 0) [first, last] = [Math.max(0, first - 4 * spread), first];
    else if (found === 'after' && last < count) [first, last] = [last, Math.min(count, last + 4 * spread)];
    else return undefined;
  }
}

function searchRows(window: Buffer, key: string): number | 'absent' | 'before' | 'after' {
  const keyAt = (row: number) => window.toString('hex', row * ROW_BYTES, row * ROW_BYTES + 16);
  const count = window.length / ROW_BYTES;
  if (key < keyAt(0)) return 'before';
  if (key > keyAt(count - 1)) return 'after';
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const here = keyAt(middle);
    if (here === key) return middle * ROW_BYTES;
    if (here < key) low = middle + 1;
    else high = middle - 1;
  }
  return 'absent';
}

async function readRecord(key: string, row: Buffer, read: Read): Promise<IdempotencyRecord> {
  const offset = row.readUInt32BE(36);
  const text = await read(offset, offset + row.readUInt32BE(40));
  return {
    key,
    fingerprint: row.toString('hex', 16, 32),
    seconds: row.readUInt32BE(32),
    json: text.toString(),
  };
}

/** All records of a segment. */
export function readRecords(segment: Buffer, count: number): IdempotencyRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const row = segment.subarray(index * ROW_BYTES, (index + 1) * ROW_BYTES);
    const offset = row.readUInt32BE(36);
    return {
      key: row.toString('hex', 0, 16),
      fingerprint: row.toString('hex', 16, 32),
      seconds: row.readUInt32BE(32),
      json: segment.toString('utf8', offset, offset + row.readUInt32BE(40)),
    };
  });
}
