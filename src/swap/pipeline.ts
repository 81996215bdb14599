import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, Version } from '../storage/byte-store.ts';
import type { Causes, PutReport } from './causes.ts';
import { objectAbsent, TimedOut } from './errors.ts';
import { Exchange, type Exchanged, type Proposal, type Telling } from './exchange.ts';
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
import { Turns } from './turns.ts';
import { isOpen, release, type Waiter } from './waiter.ts';

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
  readonly #turns: Turns;
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
    this.#turns = new Turns(runtime);
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
    if (base === undefined || (await this.#holdsBack(base))) return;
    const nowMs = runtime.now();
    this.#queue.expire(nowMs);
    this.#queue.refuseLate(nowMs + this.#pace.neededMs(nowMs));
    if (this.#turns.isNeeded(this.#queue.filter(isOpen), this.#pace.turnMs)) return this.#askForTurn(base);
    const members = this.#queue.filter(waiter => isReady(waiter, base));
    if (members.length === 0) return;
    const group = await this.#evaluate(members, hooks.fold ? hooks.fold(base.value) : base.value);
    if (mirror.known?.version !== base.version || isOutdated(group)) return;
    answerConfirmed(group, base);
    if (needsPut(group) || this.#turns.isOwn(base.stamp.turn))
      await causes.during(causesOf(group), () => this.#put(group, base));
    else await this.#confirm(group, base);
  }

  /**
   * Waits as long as fairness and failures demand, but not so long that the first deadline comes before one more read. Who
   * lost a race and waits for long finds out before what came of it: else it could not be told at the deadline.
   * @returns false when nobody is left to wait for
   */
  async #delay(): Promise<boolean> {
    const { runtime, mirror } = this.#options;
    const startMs = runtime.now();
    const ageMs = this.#turns.ageMs(this.#queue.oldest?.submittedMs ?? startMs);
    const delayMs = this.#pace.delayMs(startMs, ageMs, this.#turns.isOwn(mirror.known?.stamp.turn));
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
    const isWaitedFor = this.#turns.isOwn(known?.stamp.turn);
    const mustAsk =
      this.#doubtful || (!isWaitedFor && this.#pace.mustAsk(runtime.now(), known?.checkedMs ?? 0));
    return known === undefined || mustAsk ? this.#read(() => this.#exchange.readToFormat()) : known;
  }

  /** True when others have the turn; then it has waited a little. */
  async #holdsBack({ stamp }: Known<V>): Promise<boolean> {
    this.#turns.meet(stamp.turn);
    const leftMs = this.#queue.nextDeadlineMs() - this.#options.runtime.now();
    const pauseMs = this.#turns.pauseMs(stamp.turn, leftMs, this.#pace.tryMs);
    if (pauseMs <= 0) return false;
    await this.#turns.hold(pauseMs);
    this.#doubtful = true;
    return true;
  }

  /** Swaps the version for itself with a mark that makes others hold back. */
  async #askForTurn(base: Known<V>): Promise<void> {
    const turn = this.#turns.ask();
    const toldMs = this.#pace.slowMs(Number.POSITIVE_INFINITY);
    const proposal = this.#exchange.propose(base.value, base, { toldMs, isFirstTry: false, turn });
    const waiting = this.#queue.filter(isOpen).map(waiter => waiter.cause);
    const nobody = { value: base.value, changes: 0, opinions: [] };
    const { kind } = await this.#options.causes.during(waiting, () => this.#send(proposal, nobody, []));
    if (kind === 'conflict' || kind === 'refused') this.#turns.withdraw(kind === 'refused');
  }

  async #read(read: () => Promise<Known<V> | undefined>): Promise<Known<V> | undefined> {
    const { key, local, causes } = this.#options;
    const waiting = this.#queue.filter(isOpen).map(waiter => waiter.cause);
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
    if (now.version !== base.version) return;
    this.#turns.done(base.stamp.turn);
    answerAll(group);
  }

  async #put(group: Group<V>, base: Known<V>): Promise<void> {
    const proposal = this.#exchange.propose(group.value, base, this.#telling(base));
    const retried = retriesOf(group);
    const fresh = markUnsettled(group, base);
    const outcome = await this.#send(proposal, group, retried);
    if (outcome.kind === 'stored') {
      this.#turns.done(base.stamp.turn);
      this.#queue.lastFailure = undefined;
      answerAll(group);
    } else if (outcome.kind === 'refused') release(fresh, outcome.error);
  }

  #telling({ stamp }: Known<V>): Telling {
    const { oldest } = this.#queue;
    const ageMs = oldest === undefined ? 0 : this.#turns.ageMs(oldest.submittedMs);
    const isFirstTry = oldest?.tried !== true;
    const isSlow = oldest?.intent.isLong === true || this.#turns.isOwn(stamp.turn);
    const toldMs = isSlow ? this.#pace.slowMs(ageMs) : this.#pace.toldMs(ageMs, isFirstTry);
    return { toldMs, isFirstTry, turn: this.#turns.after(stamp.turn) };
  }

  /** Puts, and notes what that says of the version held and of the store. */
  async #send(proposal: Proposal<V>, group: Group<V>, retried: readonly unknown[]): Promise<Exchanged> {
    this.#doubtful = true;
    const outcome = await this.#exchange.put(proposal, group.changes);
    this.#report(group, outcome.kind, retried);
    this.#conflictOn = outcome.kind === 'conflict' ? proposal.base.version : undefined;
    if (outcome.kind === 'stored') this.#doubtful = false;
    else if (outcome.kind === 'refused') this.#failed(outcome.error);
    else if (outcome.kind === 'unknown') this.#failed(outcome.cause);
    return outcome;
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

/** True for failures that may go away by themselves; those of a disk do not. */
function isPassing(error: unknown, local: boolean): boolean {
  return !isKittiwakeError(error) || (error.code === 'storage_failed' && !local);
}
