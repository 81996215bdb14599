import type { ByteStore } from '../../storage/byte-store.ts';
import { importKeyUsed, jobUnreadable } from './errors.ts';
import { isJobId } from './job-id.ts';
import { jobRequestsPrefix } from './job-place.ts';

/** A request that may be sent again. */
export interface JobRequest {
  /** Hash of wiki, caller and Idempotency-Key, in hex. */
  key: string;
  /** Of what is asked for. */
  fingerprint: string;
}

/**
 * The id of the job of a request: the one that came first settles it, before anything else is done.
 * @param id to be taken by a new request
 * @throws KittiwakeError `idempotency_mismatch`; those of the store
 */
export async function settleRequest(
  store: ByteStore,
  uuid: string,
  { key, fingerprint }: JobRequest,
  id: string,
): Promise<string> {
  const place = `${jobRequestsPrefix(uuid)}${key}`;
  const wanted = { id, fingerprint };
  const outcome = await store.put(place, [Buffer.from(JSON.stringify(wanted))], { ifAbsent: true });
  if (outcome.kind === 'stored') return id;
  const found = await store.get(place);
  if (found.kind !== 'found')
    throw outcome.kind === 'unknown' ? outcome.cause : jobUnreadable('its request is gone');
  const first = JSON.parse(found.bytes.toString()) as Partial<typeof wanted>;
  if (first.fingerprint !== wanted.fingerprint) throw importKeyUsed();
  if (typeof first.id !== 'string' || !isJobId(first.id)) throw jobUnreadable('its request is unsound');
  return first.id;
}
