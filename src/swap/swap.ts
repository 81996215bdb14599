import type { Body, Version } from '../storage/byte-store.ts';

/**
 * Compare-and-swap of one object by many writers, with unknown outcomes settled. Everything mutable is changed
 * through this module. The interfaces; `createSwap` is in `swapper.ts`.
 */

/** What every version of a mutable object carries, so that no two versions are byte-identical. */
export interface Stamp {
  /** The object's identity: another uuid under the same key is another object. */
  uuid: string;
  /** Rises by one with every swap. */
  seq: number;
  /** 32 hex digits, unique: 112 random bits, then how long the swap was waited for (`nonce.ts`). */
  nonce: string;
  /** Somebody asks others to hold back for a while (`turns.ts`); names the one request. Absent: nobody does. */
  turn?: string | undefined;
}

/** How a value becomes bytes. Pure. */
export interface Format<V> {
  /** `previous` is the last value this process held, for formats that can decode incrementally. */
  decode(bytes: Buffer, previous?: V): V;
  /** The bytes of `value` stamped with `stamp`. */
  encode(value: V, stamp: Stamp): Body;
  /** The stamp that `value` was decoded with, or that {@link Format.stamped} gave it. */
  stampOf(value: V): Stamp;
  /** `value` as it reads once it has been stored with `stamp`. */
  stamped(value: V, stamp: Stamp): V;
}

/** What evaluating an intent against one value came to. A refusal is thrown. */
export type Verdict<V, R> =
  | { kind: 'change'; value: V; result: R }
  /** Nothing to write: the result holds as it is (identical content, dry run, repeated idempotency key). */
  | { kind: 'keep'; result: R };

/**
 * One writer's wish. `apply` is evaluated afresh for every attempt and may run any number of times; only the last
 * evaluation counts. Neighbours in one swap see each other's changes in order.
 */
export interface Intent<V, R> {
  /**
   * Evaluates the wish against `current`. It must rest on nothing but `current` and immutable data.
   * @throws KittiwakeError to refuse; the object is then left as it was
   */
  apply(current: V): Promise<Verdict<V, R>>;
  /**
   * Looks for this intent's own effect in `current`, given the value `base` it was last formatted on. Undefined: it
   * is not there. History is the proof, never equality of content. It may have been formatted on `base` more than once:
   * the result is that of the attempt that landed. What it throws leaves the outcome open, and it is asked again; only
   * a thrown `outcome_unknown` is final.
   */
  settle(current: V, base: V): Promise<R | undefined>;
  /** When the writer stops waiting, in runtime milliseconds. Default: 25 s after submission. */
  deadlineMs?: number;
  /**
   * `apply` takes tens of milliseconds or more, so that writers of other processes would overtake it for ever. Once overtaken, it
   * gets a turn: the others hold back for up to 2 s, which `apply` and the put have to do with; what takes longer belongs before
   * {@link Swap.submit}, or is to be kept from one `apply` to the next. Overtaken all the same, it gets the next turn when others
   * had four times as long. Default: false; an intent that was overtaken three times and has waited three times as long as others do
   * gets one, too.
   */
  isLong?: boolean;
}

export interface Held<V> {
  value: V;
  version: Version;
  /** When the store last confirmed that this is the current version, in runtime milliseconds. */
  checkedMs: number;
}

export interface Swap<V> {
  /**
   * The current value, confirmed by the store no longer than `maxAgeMs` ago (default 0: always asks; an unchanged
   * object is not transferred again). Undefined when the object does not exist and was never seen.
   * @throws KittiwakeError `object_lost` when this process has seen it, `object_replaced` when its uuid changed
   */
  read(maxAgeMs?: number): Promise<Held<V> | undefined>;

  /** What this process holds, without asking. */
  held(): Held<V> | undefined;

  /** Writes the first version. @throws KittiwakeError `object_exists` */
  create(value: V): Promise<Held<V>>;

  /**
   * Carries an intent out exactly once, or not at all.
   * @throws KittiwakeError what `apply` refused with; `contention` (known not to be applied, with `retryAfterMs`);
   *   `outcome_unknown` (it may be, or become, applied); `object_lost`; `object_replaced`; `object_absent`
   */
  submit<R>(intent: Intent<V, R>): Promise<R>;

  readonly counters: SwapCounters;
}

/** Rises only; shown by `Server-Timing`, metrics and benchmarks. */
export interface SwapCounters {
  gets: number;
  puts: number;
  conflicts: number;
  unknowns: number;
  /** Intents that went out, over all puts: `intents / puts` is the mean group. */
  intents: number;
}

/** Lets the owner of a value do work of its own around swaps (the ledger's flush). */
export interface SwapHooks<V> {
  /**
   * Called with the value of which a put is about to start; what it returns is awaited together with that put, before
   * any writer of the group is answered. It must not throw.
   */
  beside?(value: V): Promise<void> | undefined;
  /** Called at the start of every group with the value that the group is formatted on; returns it, or a changed one. */
  fold?(value: V): V;
}
