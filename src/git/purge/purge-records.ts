import { randomId } from '../../core/runtime.ts';
import type { IdempotencyRecord } from '../ledger/journal-entry.ts';
import { encodeKeySegment, RECORD_SECONDS, readRecords } from '../ledger/key-segment.ts';
import type { KeySegmentRef, Ledger } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { Selection } from './selection.ts';

const OIDS = /[0-9a-f]{40}/g;
/** No request has it: a repeat is refused, and not carried out again. */
const NO_FINGERPRINT = '0'.repeat(32);

/**
 * The idempotency records of a ledger as one segment under a new name, with the new ids of commits. Of a request whose result
 * names what goes, nothing is left but that it was carried out. Undefined: there are none.
 */
export async function rewriteRecords(
  repository: LedgerRepository,
  ledger: Ledger,
  { replaced, selection }: { replaced: ReadonlyMap<Oid, Oid>; selection: Selection },
): Promise<KeySegmentRef | undefined> {
  const { packs, runtime } = repository;
  const since = runtime.now() / 1000 - RECORD_SECONDS;
  const all = (await allRecords(repository, ledger)).filter(({ seconds }) => seconds > since);
  if (all.length === 0) return undefined;
  const bytes = encodeKeySegment(all.map(record => rewriteRecord(record, replaced, selection)));
  const name = `pack-${randomId(runtime)}`;
  await packs.write(name, 'keys', [bytes]);
  const newest = all.reduce((latest, { seconds }) => Math.max(latest, seconds), 0);
  return { name, bytes: bytes.length, count: new Set(all.map(({ key }) => key)).size, newest };
}

/** Newest first. */
async function allRecords(
  { packs }: LedgerRepository,
  { journal, keySegments }: Ledger,
): Promise<IdempotencyRecord[]> {
  const flushed = await Promise.all(
    keySegments.map(async ({ name, bytes, count }) =>
      readRecords(await packs.read(name, 'keys', 0, bytes), count),
    ),
  );
  return [...journal.records().reverse(), ...flushed.flat()];
}

function rewriteRecord(
  record: IdempotencyRecord,
  replaced: ReadonlyMap<Oid, Oid>,
  { blobs, atPaths }: Selection,
): IdempotencyRecord {
  const named = record.json.match(OIDS) ?? [];
  const contents = [...atPaths.values()];
  if (named.some(oid => blobs.has(oid) || contents.some(held => held.has(oid))))
    return { ...record, fingerprint: NO_FINGERPRINT, json: 'null' };
  return { ...record, json: record.json.replace(OIDS, oid => replaced.get(oid) ?? oid) };
}
