import { isKittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { ByteStore, PutOutcome } from '../storage/byte-store.ts';
import { objectExists, outcomeUnknown, TimedOut } from './errors.ts';
import type { Known, Mirror } from './mirror.ts';
import { Patience } from './patience.ts';
import type { Format, Held, Stamp, SwapCounters } from './swap.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 3_000;

export interface CreateOptions<V> {
  store: ByteStore;
  key: string;
  format: Format<V>;
  runtime: Runtime;
  mirror: Mirror<V>;
  counters: SwapCounters;
  deadlineMs: number;
  callTimeoutMs: number;
}

/**
 * Puts the first version where none is. The same bytes are put again while the outcome is unknown: whichever of them
 * lands, its nonce tells that it was this call's.
 * @throws KittiwakeError `object_exists`, `object_lost`, `outcome_unknown`, those of {@link ByteStore.put}
 */
export async function createObject<V>(value: V, options: CreateOptions<V>): Promise<Held<V>> {
  const { key, runtime, mirror, deadlineMs } = options;
  let working = true;
  const patience = new Patience({
    runtime,
    timedOut: timeoutMs => new TimedOut(key, timeoutMs),
    look: () => working,
    nextMs: () => deadlineMs,
  });
  patience.watch();
  try {
    if (mirror.known !== undefined && (await mirror.refresh()) !== undefined) throw objectExists(key);
    return await attempts(value, patience, options);
  } finally {
    working = false;
  }
}

async function attempts<V>(value: V, patience: Patience, options: CreateOptions<V>): Promise<Held<V>> {
  const { store, key, format, runtime, mirror, counters, deadlineMs } = options;
  const bounded = <T>(call: Promise<T>): Promise<T> =>
    patience.bounded(call, Math.min(options.callTimeoutMs, deadlineMs - runtime.now()));
  const { uuid, seq } = format.stampOf(value);
  const stamp = { uuid, seq: seq + 1, nonce: randomId(runtime) };
  const first = format.stamped(value, stamp);
  const body = format.encode(first, stamp);
  let cause: unknown;
  for (let attempt = 0; runtime.now() < deadlineMs; attempt += 1) {
    if (attempt > 0)
      await runtime.sleep(runtime.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
    const sent = mirror.sent();
    counters.puts += 1;
    const outcome = await firstPut(bounded(store.put(key, body, { ifAbsent: true })), attempt);
    if (outcome.kind === 'stored') return mirror.learn(first, outcome.version, sent);
    if (outcome.kind === 'unknown') counters.unknowns += 1;
    else counters.conflicts += 1;
    try {
      const known = await bounded(mirror.refresh());
      if (known !== undefined) return whose(known, stamp, key);
    } catch (error) {
      if (isKittiwakeError(error) && error.code !== 'storage_failed') throw error;
      cause = error;
    }
  }
  throw outcomeUnknown(key, cause);
}

/** A refusal of the store is final only while no earlier put may have landed. */
async function firstPut(call: Promise<PutOutcome>, earlier: number): Promise<PutOutcome> {
  try {
    return await call;
  } catch (error) {
    if (isKittiwakeError(error) && earlier === 0) throw error;
    return { kind: 'unknown', cause: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** A uuid is made for one creation: whatever version of it is there, this call began it, unless another first is. */
function whose<V>(known: Known<V>, stamp: Stamp, key: string): Held<V> {
  const another = known.stamp.seq === stamp.seq && known.stamp.nonce !== stamp.nonce;
  if (known.stamp.uuid === stamp.uuid && !another) return known;
  throw objectExists(key);
}
