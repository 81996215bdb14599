import { KittiwakeError } from '../core/errors.ts';
import type { Oid } from './objects.ts';

/** An object whose bytes are not what its id or its type promises. */
export function objectCorrupt(what: string, why: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('object_corrupt', `Reading the object ${what} fails: ${why}`, {
    data: { object: what },
    cause,
  });
}

/** An object that is referred to and not there, or there with another type than the wanted one. */
export function objectMissing(oid: Oid, why = 'it is in no pack and not in the journal'): KittiwakeError {
  return new KittiwakeError('object_missing', `Reading the object ${oid} fails: ${why}`, { data: { oid } });
}

export function packCorrupt(why: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('pack_corrupt', `Reading the pack fails: ${why}`, { cause });
}

/** A pack or an index whose last bytes are not the checksum of those before. */
export function fileBroken(key: string): KittiwakeError {
  return new KittiwakeError(
    'pack_corrupt',
    `Reading "${key}" fails: its checksum does not match, it was cut off or changed`,
    { data: { key } },
  );
}

export function packIndexCorrupt(why: string): KittiwakeError {
  return new KittiwakeError('pack_index_corrupt', `Reading the pack index fails: ${why}`);
}

export function deltaCorrupt(why: string): KittiwakeError {
  return new KittiwakeError('delta_corrupt', `Applying the delta fails: ${why}`);
}
