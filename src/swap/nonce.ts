import { type Runtime, randomId } from '../core/runtime.ts';

/** Of the nonce's 32 hex digits, the last four tell how long the swap had been waited for. */
const WAIT_DIGITS = 4;
const WAIT_MAX_MS = 16 ** WAIT_DIGITS - 1;

/**
 * A nonce for the version that a request is about to make: 112 random bits, then how long the request has waited, in
 * milliseconds up to 65,535 (or less: see `Pace.toldMs`). All who read the version learn how long one waits for a turn at present.
 */
export function makeNonce(runtime: Runtime, waitedMs: number): string {
  const waited = Math.min(WAIT_MAX_MS, Math.max(0, Math.round(waitedMs)));
  return randomId(runtime).slice(WAIT_DIGITS) + waited.toString(16).padStart(WAIT_DIGITS, '0');
}

/** How long the request that made a version had waited, in milliseconds; 0 when the nonce does not tell. */
export function waitedMs(nonce: string): number {
  return Number.parseInt(nonce.slice(-WAIT_DIGITS), 16) || 0;
}
