import { isKittiwakeError } from '../../core/errors.ts';
import type { IdempotencyRecord } from '../ledger/journal-entry.ts';
import { encodeKeySegment, readRecords } from '../ledger/key-segment.ts';
import type { KeySegmentRef } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';
import { codeOf, type Report } from './doctor-report.ts';

/** Reads a segment of idempotency records as a whole: that it is there, decodes, and that look-ups find what is in it. */
export async function checkKeySegment(
  repository: LedgerRepository,
  segment: KeySegmentRef,
  report: Report,
): Promise<void> {
  const wrong = (what: string) =>
    report('error', 'key_segment_corrupt', `Idempotency records "${segment.name}": ${what}`);
  try {
    const bytes = await repository.packs.read(segment.name, 'keys', 0);
    if (bytes.length !== segment.bytes) {
      wrong(`${bytes.length} bytes are stored, the ledger says ${segment.bytes}`);
    }
    const records = decode(bytes, segment.count);
    if (records) checkRecords(records, bytes, segment, wrong);
    else wrong(`${bytes.length} bytes are too few for ${segment.count} records`);
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    report('error', codeOf(error), `Idempotency records "${segment.name}": ${error.message}`);
  }
}

function decode(bytes: Buffer, count: number): IdempotencyRecord[] | undefined {
  try {
    return readRecords(bytes, count);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function checkRecords(
  records: readonly IdempotencyRecord[],
  bytes: Buffer,
  segment: KeySegmentRef,
  wrong: (what: string) => void,
): void {
  const misplaced = records.findIndex(({ key }, at) => key <= (records[at - 1]?.key ?? ''));
  if (misplaced >= 0)
    wrong(
      `record ${misplaced} has the key ${records[misplaced]?.key}, which is not above that of the record before`,
    );
  for (const [at, { key, json }] of records.entries())
    if (!isJson(json)) wrong(`record ${at} (key ${key}) holds no JSON`);
  const newest = records.reduce((latest, { seconds }) => Math.max(latest, seconds), 0);
  if (newest !== segment.newest)
    wrong(`its newest record is of ${newest} s, the ledger says ${segment.newest} s`);
  // What is sound record by record and yet other bytes: texts that overlap, leave gaps or are left over.
  if (misplaced < 0 && !encodeKeySegment(records).equals(bytes))
    wrong('its texts do not lie one after another behind the keys');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
