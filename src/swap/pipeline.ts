import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, PutOutcome } from '../storage/byte-store.ts';
import { contention, objectAbsent, outcomeUnknown, TimedOut } from './errors.ts';
import { answerAll, answerConfirmed, evaluate, type Group, isOutdated, needsPut } from './group.ts';
import type { Known, Mirror } from './mirror.ts';
import { makeNonce, waitedMs } from './nonce.ts';
import { Pace } from './pace.ts';
import { Patience } from './patience.ts';
import { isDecided, settleAll } from './settle.ts';
import type { Format, Stamp, SwapCounters, SwapHooks } from './swap.ts';
import { refuse, type Waiter } from './waiter.ts';

/** A local store answers a read in far less time than a put: a value not confirmed for this long is asked for first. */
const LOCAL_TRUST_MS = 50;
/** How long the work beside a put may take before the pipeline goes on without it. */
const BESIDE_TIMEOUT_MS = 30_000;

export interface PipelineOptions<V> {
  store: ByteStore;
  key: string;
  format: Format<V>;
  runtime: Runtime;
  hooks: SwapHooks<V>;
  local: boolean;
  callTimeoutMs: number;
  mirror: Mirror<V>;
  counters: SwapCounters;
}

/**
 * Carries intents out, one put at a time. In each round all that wait are settled, evaluated and put together. An intent
 * whose caller was answered takes part in nothing any more.
 */
export class Pipeline<V> {
  readonly #options: PipelineOptions<V>;
  readonly #pace: Pace;
  readonly #patience: Patience;
  /** In the order they were submitted. */
  #waiters: Waiter<V>[] = [];
  #running = false;
  /** The held value may not be formatted on before the store was asked. */
  #doubtful = false;
  #lastFailure: unknown;

  constructor(options: PipelineOptions<V>) {
    const { runtime, key } = options;
    this.#options = options;
    this.#pace = new Pace(runtime);
    this.#patience = new Patience({
      runtime,
      timedOut: timeoutMs => new TimedOut(key, timeoutMs),
      look: nowMs => {
        this.#expire(nowMs);
        return this.#running;
      },
      nextMs: () => this.#nextDeadlineMs(),
    });
  }

  add(waiter: Waiter<V>): void {
    this.#waiters.push(waiter);
    this.#patience.watch();
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiters.length > 0) {
      await this.#options.runtime.turn();
      try {
        await this.#round();
      } catch (error) {
        if (error instanceof TimedOut) this.#failed(error);
        else this.#end(error);
      }
      this.#waiters = this.#waiters.filter(waiter => !waiter.answered);
    }
    this.#running = false;
  }

  async #round(): Promise<void> {
    const { runtime, mirror, hooks } = this.#options;
    await this.#delay();
    const base = await this.#base();
    if (base === undefined) return;
    await this.#settle(base);
    this.#expire(runtime.now());
    const members = this.#waiters.filter(waiter => isReady(waiter, base));
    if (members.length === 0) return;
    const group = await this.#evaluate(members, hooks.fold ? hooks.fold(base.value) : base.value);
    if (mirror.known?.version !== base.version || isOutdated(group)) return;
    answerConfirmed(group, base);
    if (needsPut(group)) await this.#put(group, base);
    else await this.#confirm(group, base);
  }

  /** Waits as long as fairness and failures demand, but not past the first deadline. */
  async #delay(): Promise<void> {
    const { runtime } = this.#options;
    const nowMs = runtime.now();
    const oldest = this.#waiters[0];
    if (oldest === undefined) return;
    const delayMs = this.#pace.delayMs(nowMs, nowMs - oldest.submittedMs);
    if (delayMs > 0) await runtime.sleep(Math.max(0, Math.min(delayMs, this.#nextDeadlineMs() - nowMs)));
  }

  /** The version to format on. Undefined: there is none now, and who must be told was told. */
  async #base(): Promise<Known<V> | undefined> {
    const { runtime, mirror, local } = this.#options;
    const nowMs = runtime.now();
    const { known } = mirror;
    if (known === undefined || this.#doubtful) return this.#read();
    if (local && nowMs - known.checkedMs > LOCAL_TRUST_MS) return this.#read();
    return this.#pace.mustAsk(nowMs, known.checkedMs) ? this.#read() : known;
  }

  async #read(): Promise<Known<V> | undefined> {
    const { key, mirror, runtime, local, callTimeoutMs } = this.#options;
    const before = mirror.known;
    const sentMs = runtime.now();
    try {
      const known = await this.#patience.bounded(mirror.refresh(), callTimeoutMs);
      this.#doubtful = false;
      const replaced = before !== undefined && before.version !== known?.version;
      this.#pace.asked(runtime.now(), sentMs, replaced ? sentMs - before.checkedMs : undefined);
      if (known === undefined) this.#end(objectAbsent(key));
      else if (replaced) this.#pace.saw(waitedMs(known.stamp.nonce));
      return known;
    } catch (error) {
      this.#doubtful = true;
      if (isPassing(error, local)) this.#failed(error);
      else this.#end(error);
      return undefined;
    }
  }

  async #settle(base: Known<V>): Promise<void> {
    const decided = this.#waiters.filter(waiter => isDecided(waiter, base));
    if (decided.length === 0) return;
    const settled = settleAll(decided, base, error => this.#failed(error));
    const found = await this.#patience.bounded(settled, this.#options.callTimeoutMs);
    if (found > 0) this.#pace.recovered();
  }

  /** Ends when all members are past their deadlines, too: an intent that hangs does not keep others waiting for ever. */
  async #evaluate(members: readonly Waiter<V>[], value: V): Promise<Group<V>> {
    const deadlineMs = Math.max(...members.map(waiter => waiter.deadlineMs));
    return this.#patience.bounded(evaluate(members, value), deadlineMs - this.#options.runtime.now());
  }

  /** Nobody changed anything: what was said holds if the version still is the current one. */
  async #confirm(group: Group<V>, base: Known<V>): Promise<void> {
    if (group.opinions.every(({ waiter }) => waiter.answered)) return;
    const now = await this.#read();
    if (now === undefined) return;
    this.#pace.recovered();
    if (now.version === base.version) answerAll(group);
  }

  async #put(group: Group<V>, base: Known<V>): Promise<void> {
    const { store, key, format, runtime, hooks, mirror, counters } = this.#options;
    const stamp = this.#nextStamp(group, base);
    const value = format.stamped(group.value, stamp);
    const body = format.encode(value, stamp);
    const sent = mirror.sent();
    const fresh = markUnsettled(group, base);
    counters.puts += 1;
    counters.intents += group.changes;
    const aside = hooks.beside?.(value);
    const outcome = await this.#outcome(store.put(key, body, { ifMatch: base.version }));
    const nowMs = runtime.now();
    if (outcome.kind === 'stored') {
      mirror.learn(value, outcome.version, sent);
      this.#pace.won(nowMs, sent.ms);
      this.#pace.saw(waitedMs(stamp.nonce));
      this.#lastFailure = undefined;
    }
    if (aside !== undefined) await this.#patience.bounded(aside, BESIDE_TIMEOUT_MS);
    if (outcome.kind === 'stored') return answerAll(group);
    this.#doubtful = true;
    if (outcome.kind === 'refused') return this.#putRefused(fresh, outcome.error);
    if (outcome.kind === 'conflict') {
      counters.conflicts += 1;
      this.#pace.lost(nowMs, sent.ms, sent.ms - base.checkedMs);
    } else {
      counters.unknowns += 1;
      this.#failed(outcome.cause);
    }
  }

  #nextStamp(group: Group<V>, { stamp: { uuid, seq } }: Known<V>): Stamp {
    const { runtime } = this.#options;
    const oldest = group.opinions.find(({ waiter }) => !waiter.answered);
    const waitedMs = oldest === undefined ? 0 : runtime.now() - oldest.waiter.submittedMs;
    return { uuid, seq: seq + 1, nonce: makeNonce(runtime, waitedMs) };
  }

  /** What is thrown by the store is known to have changed nothing; whatever else was thrown tells nothing. */
  async #outcome(call: Promise<PutOutcome>): Promise<PutOutcome | { kind: 'refused'; error: unknown }> {
    try {
      return await this.#patience.bounded(call, this.#options.callTimeoutMs);
    } catch (error) {
      if (isKittiwakeError(error)) return { kind: 'refused', error };
      return { kind: 'unknown', cause: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** The put is known to have changed nothing. Members of an earlier, unsettled put stay, and are tried again. */
  #putRefused(fresh: readonly Waiter<V>[], error: unknown): void {
    this.#failed(error);
    for (const waiter of fresh) {
      waiter.base = undefined;
      refuse(waiter, error);
    }
  }

  #failed(error: unknown): void {
    this.#lastFailure = error;
    this.#pace.failed();
  }

  /** Answers those whose deadline has come. */
  #expire(nowMs: number): void {
    for (const waiter of this.#waiters) {
      if (waiter.deadlineMs <= nowMs) this.#giveUp(waiter, this.#lastFailure);
    }
  }

  /** Ends all requests: none can succeed. */
  #end(error: unknown): void {
    const gone = isKittiwakeError(error, 'object_lost') || isKittiwakeError(error, 'object_replaced');
    for (const waiter of this.#waiters) {
      if (gone || waiter.base === undefined) refuse(waiter, error);
      else this.#giveUp(waiter, error);
    }
  }

  #giveUp(waiter: Waiter<V>, cause: unknown): void {
    const { key } = this.#options;
    if (waiter.answered) return;
    if (waiter.base === undefined) refuse(waiter, contention(key, this.#pace.retryAfterMs(), cause));
    else refuse(waiter, outcomeUnknown(key, cause));
  }

  #nextDeadlineMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiters) {
      if (!waiter.answered && waiter.deadlineMs < nextMs) nextMs = waiter.deadlineMs;
    }
    return nextMs;
  }
}

/** True when `waiter` may be formatted on `base`: none of its puts rests on another version. */
function isReady<V>(waiter: Waiter<V>, base: Known<V>): boolean {
  return !waiter.answered && (waiter.base === undefined || waiter.base.version === base.version);
}

/** Notes on which version a put of the group's changes rests. Returns those for whom it is the only unsettled put. */
function markUnsettled<V>(group: Group<V>, base: Known<V>): Waiter<V>[] {
  const fresh: Waiter<V>[] = [];
  for (const { waiter, kind } of group.opinions) {
    if (kind !== 'change' || waiter.base !== undefined) continue;
    waiter.base = base;
    fresh.push(waiter);
  }
  return fresh;
}

/** True for failures that may go away by themselves; those of a disk do not. */
function isPassing(error: unknown, local: boolean): boolean {
  return !isKittiwakeError(error) || (error.code === 'storage_failed' && !local);
}
