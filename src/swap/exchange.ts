import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Body, ByteStore, PutOutcome } from '../storage/byte-store.ts';
import type { Known, Mirror } from './mirror.ts';
import { makeNonce, waitedMs } from './nonce.ts';
import type { Pace } from './pace.ts';
import type { Patience } from './patience.ts';
import { ReadAhead, type Reading, readNow } from './read-ahead.ts';
import type { Format, Stamp, SwapCounters, SwapHooks } from './swap.ts';

/** How long the work beside a put may take before the pipeline goes on without it. */
const BESIDE_TIMEOUT_MS = 30_000;

export interface ExchangeOptions<V> {
  store: ByteStore;
  key: string;
  format: Format<V>;
  runtime: Runtime;
  hooks: SwapHooks<V>;
  callTimeoutMs: number;
  mirror: Mirror<V>;
  counters: SwapCounters;
  pace: Pace;
  patience: Patience;
}

/** What a version tells those who read it. */
export interface Telling {
  /** How long its request has waited, or less: see {@link Pace.toldMs}. */
  toldMs: number;
  /** No put has carried the oldest request before. */
  isFirstTry: boolean;
  /** See {@link Stamp.turn}. */
  turn: string | undefined;
}

/** A version that is about to be put. */
export interface Proposal<V> {
  readonly base: Known<V>;
  readonly value: V;
  readonly body: Body;
  readonly stamp: Stamp;
  /** No put has carried the oldest request before. */
  readonly isFirstTry: boolean;
}

/** What a put came to. Refused: known to have changed nothing. */
export type Exchanged = PutOutcome | { kind: 'refused'; error: unknown };

/** The calls of a pipeline: bounded, counted, timed, and each told to the mirror and the pace. */
export class Exchange<V> {
  readonly #options: ExchangeOptions<V>;
  readonly #ahead: ReadAhead<V>;

  constructor(options: ExchangeOptions<V>) {
    this.#options = options;
    this.#ahead = new ReadAhead(options.mirror, options.runtime);
  }

  /** The current version. @throws what {@link Mirror.refresh} throws, TimedOut */
  async read(): Promise<Known<V> | undefined> {
    const { mirror, runtime, patience, callTimeoutMs } = this.#options;
    this.#ahead.cancel();
    return this.#learn(await patience.bounded(readNow(mirror, runtime), callTimeoutMs));
  }

  /**
   * A version that was current a moment ago, to format on: a read that went out with the last put will do, unless it found
   * nothing new. @throws as {@link read}
   */
  async readToFormat(): Promise<Known<V> | undefined> {
    const { runtime, pace, patience, callTimeoutMs } = this.#options;
    const ahead = this.#ahead.take(pace.freshSinceMs(runtime.now()));
    const reading = ahead && (await patience.bounded(ahead, callTimeoutMs));
    if (reading === undefined || !isReplaced(reading)) return this.read();
    return this.#learn(reading);
  }

  #learn(reading: Reading<V>): Known<V> | undefined {
    const { pace } = this.#options;
    const { before, known, sentMs, endedMs } = reading;
    const staleMs = isReplaced(reading) && before !== undefined ? sentMs - before.checkedMs : undefined;
    pace.asked(endedMs, sentMs, staleMs);
    if (staleMs !== undefined && known !== undefined) pace.saw(waitedMs(known.stamp.nonce));
    return known;
  }

  /** Takes over what was read before the first caller came; what comes of it is no failure of theirs. */
  async takeEarly(): Promise<void> {
    const { mirror, patience, callTimeoutMs } = this.#options;
    await patience.bounded(mirror.takeEarly(), callTimeoutMs).catch(() => {});
  }

  /** `value` as the version after `base`, which tells of a wait. */
  propose(value: V, base: Known<V>, { toldMs, isFirstTry, turn }: Telling): Proposal<V> {
    const { format, runtime } = this.#options;
    const { uuid, seq } = base.stamp;
    const nonce = makeNonce(runtime, toldMs);
    const stamp = { uuid, seq: seq + 1, nonce, ...(turn !== undefined && { turn }) };
    return {
      base,
      value: format.stamped(value, stamp),
      body: format.encode(value, stamp),
      stamp,
      isFirstTry,
    };
  }

  /** Sends before it returns; resolves when the work beside the put is done, too. @throws TimedOut when that hangs */
  async put({ base, value, body, stamp, isFirstTry }: Proposal<V>, intents: number): Promise<Exchanged> {
    const { store, key, runtime, hooks, mirror, counters, pace, patience } = this.#options;
    const sent = mirror.sent();
    counters.puts += 1;
    counters.intents += intents;
    const isAsking = stamp.turn !== undefined && intents === 0;
    const beside = isAsking ? undefined : hooks.beside?.(value);
    const put = this.#outcome(store.put(key, body, { ifMatch: base.version }));
    const aheadMs = pace.aheadMs(sent.ms);
    if (aheadMs !== undefined) this.#ahead.start(aheadMs);
    const outcome = await put;
    const nowMs = runtime.now();
    if (outcome.kind === 'stored') {
      this.#ahead.cancel();
      mirror.learn(value, outcome.version, sent);
      pace.won(nowMs, sent.ms, isFirstTry);
      pace.saw(waitedMs(stamp.nonce));
    } else if (outcome.kind === 'conflict') {
      counters.conflicts += 1;
      pace.lost(nowMs, sent.ms, outcome.reason === 'concurrent' ? 0 : sent.ms - base.checkedMs);
    } else if (outcome.kind === 'unknown') {
      counters.unknowns += 1;
    }
    if (beside !== undefined) await patience.bounded(beside, BESIDE_TIMEOUT_MS);
    return outcome;
  }

  /** What is thrown by the store is known to have changed nothing; whatever else was thrown tells nothing. */
  async #outcome(call: Promise<PutOutcome>): Promise<Exchanged> {
    try {
      return await this.#options.patience.bounded(call, this.#options.callTimeoutMs);
    } catch (error) {
      if (isKittiwakeError(error)) return { kind: 'refused', error };
      return { kind: 'unknown', cause: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}

function isReplaced<V>({ before, known }: Reading<V>): boolean {
  return before !== undefined && before.version !== known?.version;
}
