import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, Version } from '../storage/byte-store.ts';
import type { Causes, PutReport } from './causes.ts';
import { objectAbsent, TimedOut } from './errors.ts';
import { Exchange } from './exchange.ts';
import {
  answerAll,
  answerConfirmed,
  causesOf,
  evaluate,
  type Group,
  isOutdated,
  markUnsettled,
  needsPut,
  retriesOf,
} from './group.ts';
import type { Known, Mirror } from './mirror.ts';
import { Pace } from './pace.ts';
import { Patience } from './patience.ts';
import { isReady, Queue } from './queue.ts';
import { isDecided, settleAll } from './settle.ts';
import type { Format, SwapCounters, SwapHooks } from './swap.ts';
import { refuse, type Waiter } from './waiter.ts';

/** So many turns of the event loop a put on a disk waits for more intents, at most. */
const GATHERING_TURNS = 4;

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
  causes: Causes;
}

/**
 * Carries intents out, one put at a time. In each round all that wait are settled, evaluated and put together. An intent
 * whose caller was answered takes part in nothing any more.
 */
export class Pipeline<V> {
  readonly #options: PipelineOptions<V>;
  readonly #pace: Pace;
  readonly #patience: Patience;
  readonly #queue: Queue<V>;
  readonly #exchange: Exchange<V>;
  #running = false;
  /** The held value may not be formatted on before the store was asked. */
  #doubtful = false;
  /** The version on which the last put met a conflict. */
  #conflictOn: Version | undefined;

  constructor(options: PipelineOptions<V>) {
    const { runtime, key, local } = options;
    const pace = new Pace(runtime, local);
    const queue = new Queue<V>(key, () => pace.retryAfterMs());
    const patience = new Patience({
      runtime,
      timedOut: timeoutMs => new TimedOut(key, timeoutMs),
      look: nowMs => {
        queue.expire(nowMs);
        return this.#running;
      },
      nextMs: () => queue.nextDeadlineMs(),
    });
    this.#options = options;
    this.#pace = pace;
    this.#queue = queue;
    this.#patience = patience;
    this.#exchange = new Exchange({ ...options, pace, patience });
  }

  add(waiter: Waiter<V>): void {
    this.#queue.add(waiter);
    this.#patience.watch();
    if (this.#running) return;
    this.#running = true;
    void this.#options.causes.during([], () => this.#run());
  }

  async #run(): Promise<void> {
    while (!this.#queue.isEmpty) {
      await this.#gather();
      try {
        await this.#round();
      } catch (error) {
        if (error instanceof TimedOut) this.#failed(error);
        else this.#queue.end(error);
      }
      this.#queue.tidy();
    }
    this.#running = false;
  }

  /**
   * Lets those who are about to submit do so. A disk's put holds the whole process up, so there it goes on for as long as
   * each turn brings more, within bounds.
   */
  async #gather(): Promise<void> {
    const { runtime, local } = this.#options;
    for (let turns = local ? GATHERING_TURNS : 1; turns > 0; turns -= 1) {
      const before = this.#queue.length;
      await runtime.turn();
      if (this.#queue.length === before) return;
    }
  }

  async #round(): Promise<void> {
    const { runtime, mirror, hooks, causes } = this.#options;
    if (!(await this.#delay())) return;
    const base = await this.#settledBase();
    if (base === undefined) return;
    const nowMs = runtime.now();
    this.#queue.expire(nowMs);
    this.#queue.refuseLate(nowMs + this.#pace.neededMs(nowMs));
    const members = this.#queue.filter(waiter => isReady(waiter, base));
    if (members.length === 0) return;
    const group = await this.#evaluate(members, hooks.fold ? hooks.fold(base.value) : base.value);
    if (mirror.known?.version !== base.version || isOutdated(group)) return;
    answerConfirmed(group, base);
    if (needsPut(group)) await causes.during(causesOf(group), () => this.#put(group, base));
    else await this.#confirm(group, base);
  }

  /**
   * Waits as long as fairness and failures demand, but not so long that the first deadline comes before one more read. Who
   * lost a race and waits for long finds out before what came of it: else it could not be told at the deadline.
   * @returns false when nobody is left to wait for
   */
  async #delay(): Promise<boolean> {
    const { runtime } = this.#options;
    const startMs = runtime.now();
    const sinceMs = this.#queue.oldest?.submittedMs ?? startMs;
    const delayMs = this.#pace.delayMs(startMs, startMs - sinceMs);
    if (delayMs <= 0) return true;
    if (this.#doubtful && this.#pace.isLong(startMs, delayMs)) await this.#settledBase();
    this.#queue.tidy();
    const untilMs = Math.min(startMs + delayMs, this.#queue.nextDeadlineMs() - this.#pace.reserveMs());
    if (!this.#queue.isEmpty) await runtime.sleep(Math.max(0, untilMs - runtime.now()));
    return !this.#queue.isEmpty;
  }

  /** The version to format on, when everybody of whom it tells was told. */
  async #settledBase(): Promise<Known<V> | undefined> {
    const base = await this.#base();
    if (base === undefined) return undefined;
    if (base.version === this.#conflictOn) this.#pace.failed();
    await this.#settle(base);
    return base;
  }

  /** The version to format on. Undefined: there is none now, and who must be told was told. */
  async #base(): Promise<Known<V> | undefined> {
    const { runtime, mirror } = this.#options;
    if (mirror.isEarly) await this.#exchange.takeEarly();
    const { known } = mirror;
    const mustAsk = this.#doubtful || this.#pace.mustAsk(runtime.now(), known?.checkedMs ?? 0);
    return known === undefined || mustAsk ? this.#read(() => this.#exchange.readToFormat()) : known;
  }

  async #read(read: () => Promise<Known<V> | undefined>): Promise<Known<V> | undefined> {
    const { key, local, causes } = this.#options;
    const waiting = this.#queue.filter(waiter => !waiter.answered).map(waiter => waiter.cause);
    try {
      const known = await causes.during(waiting, read);
      this.#doubtful = false;
      if (known === undefined) this.#queue.end(objectAbsent(key));
      return known;
    } catch (error) {
      this.#doubtful = true;
      if (isPassing(error, local)) this.#failed(error);
      else this.#queue.end(error);
      return undefined;
    }
  }

  async #settle(base: Known<V>): Promise<void> {
    const decided = this.#queue.filter(waiter => isDecided(waiter, base));
    if (decided.length === 0) return;
    const settled = this.#options.causes.during(
      decided.map(waiter => waiter.cause),
      () => settleAll(decided, base, error => this.#failed(error)),
    );
    const found = await this.#patience.bounded(settled, this.#options.callTimeoutMs);
    if (found > 0) this.#pace.recovered();
  }

  /** Ends when all members are past their deadlines, too: an intent that hangs does not keep others waiting for ever. */
  async #evaluate(members: readonly Waiter<V>[], value: V): Promise<Group<V>> {
    const lastMs = members.reduce((latestMs, waiter) => Math.max(latestMs, waiter.deadlineMs), 0);
    return this.#patience.bounded(
      evaluate(members, value, this.#options.causes),
      lastMs - this.#options.runtime.now(),
    );
  }

  /** Nobody changed anything: what was said holds if the version still is the current one. */
  async #confirm(group: Group<V>, base: Known<V>): Promise<void> {
    if (group.opinions.every(({ waiter }) => waiter.answered)) return;
    const now = await this.#read(() => this.#exchange.read());
    if (now === undefined) return;
    this.#pace.recovered();
    if (now.version === base.version) answerAll(group);
  }

  async #put(group: Group<V>, base: Known<V>): Promise<void> {
    const { submittedMs, tried } = this.#queue.oldest ?? {};
    const wait = { sinceMs: submittedMs ?? this.#options.runtime.now(), isFirstTry: tried !== true };
    const proposal = this.#exchange.propose(group.value, base, wait);
    const retried = retriesOf(group);
    const fresh = markUnsettled(group, base);
    this.#doubtful = true;
    const outcome = await this.#exchange.put(proposal, group.changes);
    this.#report(group, outcome.kind, retried);
    this.#conflictOn = outcome.kind === 'conflict' ? base.version : undefined;
    if (outcome.kind === 'stored') {
      this.#doubtful = false;
      this.#queue.lastFailure = undefined;
      answerAll(group);
    } else if (outcome.kind === 'refused') {
      this.#failed(outcome.error);
      release(fresh, outcome.error);
    } else if (outcome.kind === 'unknown') {
      this.#failed(outcome.cause);
    }
  }

  #report(group: Group<V>, outcome: PutReport['outcome'], retried: readonly unknown[]): void {
    const { causes } = this.#options;
    causes.onPut?.({ outcome, writes: group.changes, causes: causesOf(group), retried });
  }

  #failed(error: unknown): void {
    this.#queue.lastFailure = error;
    this.#pace.failed();
  }
}

/** The only put of these is known to have changed nothing. Members of earlier puts stay, and are tried again. */
function release<V>(fresh: readonly Waiter<V>[], error: unknown): void {
  for (const waiter of fresh) {
    waiter.base = undefined;
    refuse(waiter, error);
  }
}

/** True for failures that may go away by themselves; those of a disk do not. */
function isPassing(error: unknown, local: boolean): boolean {
  return !isKittiwakeError(error) || (error.code === 'storage_failed' && !local);
}
