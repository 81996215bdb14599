import type { Place } from '../layer/layer.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';

/** The packs of single large blobs that a journal refers to. */
export function largePacks(ledger: Ledger): { oid: Oid; place: Place; ref: PackRef }[] {
  return ledger.journal.blobs().flatMap(blob => {
    if (blob.encoding !== 'pack') return [];
    const { place, packBytes } = blob;
    const ref: PackRef = { name: place.pack, bytes: packBytes, indexBytes: SINGLE_INDEX_BYTES, objects: 1 };
    return [{ oid: blob.oid, place, ref }];
  });
}

/** An index of one object: header, fan-out, one id, CRC and offset, two checksums (gitformat-pack). */
const SINGLE_INDEX_BYTES = 8 + 1024 + 20 + 4 + 4 + 40;
