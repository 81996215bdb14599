import { isKittiwakeError, withKey } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, GetOutcome, Version } from '../storage/byte-store.ts';
import { objectLost, objectReplaced, objectUnreadable } from './errors.ts';
import type { Format, Held, Stamp, SwapCounters } from './swap.ts';

/** A held value, and when this process learned what. Ticks order events within the process; a clock is too coarse. */
export interface Known<V> extends Held<V> {
  readonly stamp: Stamp;
  /** The store confirmed the version by a call that was sent after this tick. */
  readonly checkedTick: number;
  /** When the version became known here. */
  readonly learnedTick: number;
}

export interface MirrorOptions<V> {
  store: ByteStore;
  key: string;
  format: Format<V>;
  runtime: Runtime;
  counters: SwapCounters;
  /** See {@link EarlyRead}. */
  early?: EarlyRead | undefined;
}

/** A reading of the object that began before there was anybody to hand it to. It is taken over once, if it succeeds. */
export interface EarlyRead {
  outcome: Promise<GetOutcome>;
  /** When it was sent, in runtime milliseconds. */
  sentMs(): number;
  /**
   * True as long as everybody who may be told of it had come before it was sent. After that it is something to format on and
   * to compare with, but no answer to "what is the current version".
   */
  isCurrent(): boolean;
}

interface Sent {
  tick: number;
  ms: number;
}

/**
 * What one process knows of one mutable object: the newest version that the store acknowledged. It never goes back, and
 * it never changes to another object.
 */
export class Mirror<V> {
  readonly #options: MirrorOptions<V>;
  #known: Known<V> | undefined;
  #tick = 0;
  #early: EarlyRead | undefined;
  #taking: Promise<void> | undefined;

  constructor(options: MirrorOptions<V>) {
    this.#options = options;
    this.#early = options.early;
  }

  /** There is an early reading that was not taken over yet. */
  get isEarly(): boolean {
    return this.#early !== undefined;
  }

  get known(): Known<V> | undefined {
    return this.#known;
  }

  /** The next tick. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  sent(): Sent {
    return { tick: this.tick(), ms: this.#options.runtime.now() };
  }

  /**
   * Asks the store for the current version. Undefined when the object is absent and was never seen.
   * @throws KittiwakeError `object_lost`, `object_replaced`, `object_unreadable`, those of {@link ByteStore.get}
   */
  async refresh(): Promise<Known<V> | undefined> {
    const early = this.#early;
    if (early !== undefined) {
      await this.takeEarly();
      if (this.#known !== undefined && early.isCurrent()) return this.#known;
    }
    const { store, key, counters } = this.#options;
    const asked = this.#known?.version;
    const sent = this.sent();
    counters.gets += 1;
    const outcome = await store.get(key, asked === undefined ? {} : { ifNoneMatch: asked });
    if (outcome.kind === 'found') return this.#found(outcome, sent);
    if (outcome.kind === 'unchanged') return this.#unchanged(asked, sent);
    const known = this.#known;
    // It was made after the answer was: whoever asks again is told whether it is still there.
    if (known === undefined || known.learnedTick > sent.tick) return known;
    throw objectLost(key, 'the object that was there before is missing');
  }

  /** Waits for the early reading and takes it over. One that fails or finds nothing is forgotten. */
  takeEarly(): Promise<void> {
    this.#taking ??= this.#take();
    return this.#taking;
  }

  async #take(): Promise<void> {
    const early = this.#early;
    try {
      const outcome = await early?.outcome;
      if (early === undefined || outcome?.kind !== 'found') return;
      this.#options.counters.gets += 1;
      // It was sent before this mirror was made: 0 comes before every tick.
      const sent = { tick: early.isCurrent() ? this.tick() : 0, ms: early.sentMs() };
      this.#found(outcome, sent);
    } catch {
      // Whoever needs the object asks for it, and is told what is wrong.
    } finally {
      this.#early = undefined;
    }
  }

  /** Takes over a version that the store acknowledged, unless a newer one is known. */
  learn(value: V, version: Version, sent: Sent): Known<V> {
    const stamp = this.#options.format.stampOf(value);
    if (this.#known !== undefined && this.#known.stamp.seq > stamp.seq) return this.#known;
    const known = {
      value,
      version,
      stamp,
      checkedMs: sent.ms,
      checkedTick: sent.tick,
      learnedTick: this.tick(),
    };
    this.#known = known;
    return known;
  }

  #unchanged(asked: Version | undefined, sent: Sent): Known<V> | undefined {
    const known = this.#known;
    if (known === undefined || known.version !== asked || known.checkedTick > sent.tick) return known;
    this.#known = { ...known, checkedMs: sent.ms, checkedTick: sent.tick };
    return this.#known;
  }

  #found(outcome: GetOutcome & { kind: 'found' }, sent: Sent): Known<V> {
    const { key, format } = this.#options;
    const value = this.#decode(outcome.bytes);
    const stamp = format.stampOf(value);
    const known = this.#known;
    if (known !== undefined) {
      if (known.stamp.uuid !== stamp.uuid) throw objectReplaced(key, known.stamp.uuid, stamp.uuid);
      if (isOlder(stamp, known.stamp)) {
        if (known.learnedTick > sent.tick) return known;
        throw objectLost(key, `it went back to version ${stamp.seq} from ${known.stamp.seq}`);
      }
    }
    return this.learn(value, outcome.version, sent);
  }

  #decode(bytes: Buffer): V {
    try {
      return this.#options.format.decode(bytes, this.#known?.value);
    } catch (error) {
      const { key } = this.#options;
      throw isKittiwakeError(error) ? withKey(error, key) : objectUnreadable(key, error);
    }
  }
}

/** True when `stamp` is not `known` and does not follow it either. */
function isOlder(stamp: Stamp, known: Stamp): boolean {
  return stamp.seq < known.seq || (stamp.seq === known.seq && stamp.nonce !== known.nonce);
}
