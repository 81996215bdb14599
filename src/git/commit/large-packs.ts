import type { Place } from '../layer/layer.ts';
import { SINGLE_INDEX_BYTES } from '../ledger/journal-entry.ts';
import type { Ledger, PackRef } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';

/** The packs of single large blobs that a journal refers to. */
export function largePacks(ledger: Ledger): { oid: Oid; place: Place; ref: PackRef }[] {
  return ledger.journal.blobs().flatMap(blob => {
    if (blob.encoding !== 'pack') return [];
    return [{ oid: blob.oid, place: blob.place, ref: singlePack(blob) }];
  });
}

/** The pack of one blob, as a ledger lists it. */
export function singlePack({ place, packBytes }: { place: Place; packBytes: number }): PackRef {
  return { name: place.pack, bytes: packBytes, indexBytes: SINGLE_INDEX_BYTES, objects: 1 };
}
