import type { CallOptions, PutOutcome } from './byte-store.ts';
import { storageAborted } from './errors.ts';

/** @throws KittiwakeError `storage_failed` when the caller has given up already */
export function refuseAborted(action: string, key: string, { signal }: CallOptions): void {
  if (signal?.aborted) throw storageAborted(action, key, signal.reason);
}

/** What a put is answered whose caller has given up already: nothing was sent, and the contract has no other word. */
export function abortedPut(key: string, { signal }: CallOptions): PutOutcome | undefined {
  return signal?.aborted
    ? { kind: 'unknown', cause: storageAborted('Writing', key, signal.reason) }
    : undefined;
}
