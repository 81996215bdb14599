import { Lru } from '../../core/lru.ts';
import { randomId } from '../../core/runtime.ts';
import { type Delivered, deliverOne, type Tried } from './deliver-one.ts';
import { keyOf, type OutboxPlace } from './outbox-message.ts';
import type { DeliverOptions, DeliverReport } from './sending.ts';

/** Messages that are sent at once. */
const WIDTH = 8;

/** Listed by one call, of a thousand messages each. */
const MAX_PAGES = 20;

const DEFAULT_LIMIT = 500;

/** At the start of ids, by which messages to one receiver are known without being read. */
const RECEIVER_CHARACTERS = 16;

/** After so many failures in one call a target is left alone until the next, which comes no sooner than that. */
const MAX_TARGET_FAILURES = 20;
const TARGET_REST_MS = 30_000;

/** An attempt that would have less time is not begun. */
const MIN_SEND_MS = 2_000;

export interface DeliveryOptions {
  place: OutboxPlace;
  backoffMs: readonly number[];
  sendMs: number;
}

/** A message as it is listed. */
interface Listed {
  key: string;
  modifiedMs: number;
}

/** When listed messages are due that are not read again before, unless they changed. */
type Waiting = Lru<string, { modifiedMs: number; dueMs: number }>;

export function createDelivery(options: DeliveryOptions): (given: DeliverOptions) => Promise<DeliverReport> {
  const waiting: Waiting = new Lru(20_000);
  return given => new Delivery(options, given, waiting).run();
}

/** One call of {@link Outbox.deliver}. */
class Delivery {
  readonly #report: DeliverReport = {
    sent: 0,
    failed: 0,
    dead: 0,
    possiblyDoubled: 0,
    waiting: 0,
    more: false,
    nextDueMs: undefined,
  };
  readonly #failures = new Map<string, number>();
  readonly #options: DeliveryOptions;
  readonly #given: DeliverOptions;
  readonly #waiting: Waiting;

  constructor(options: DeliveryOptions, given: DeliverOptions, waiting: Waiting) {
    this.#options = options;
    this.#given = given;
    this.#waiting = waiting;
  }

  async run(): Promise<DeliverReport> {
    const queue = this.#chosen(await this.#listed());
    const worker = async () => {
      // Where ids put the newest first, for those who list them, the oldest go out first.
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (this.#isLate()) this.#report.more = true;
        else await this.#one(next);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));
    return this.#report;
  }

  async #listed(): Promise<Listed[]> {
    const found = new Map<string, Listed>();
    const last = await this.#list(found, undefined, 1);
    if (last === undefined) return [...found.values()];
    // Where there are more than are looked at, those of one receiver must not hide those of the others for ever.
    const { place } = this.#options;
    await this.#list(found, keyOf(place, 'due', randomId(place.runtime).slice(0, 4)), MAX_PAGES / 2);
    this.#report.more = (await this.#list(found, last, MAX_PAGES / 2)) !== undefined;
    return [...found.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  /** @returns the last key that was listed; undefined: there are no more after it */
  async #list(found: Map<string, Listed>, from: string | undefined, pages: number) {
    const { place } = this.#options;
    let after = from;
    for (let page = 0; page < pages; page += 1) {
      const given = after === undefined ? {} : { after };
      const { objects, more } = await place.store.list(keyOf(place, 'due', ''), given);
      for (const each of objects) found.set(each.key, each);
      if (!more) return undefined;
      after = objects.at(-1)?.key;
    }
    return after;
  }

  /** As many as are allowed, from a random one on and of each receiver in turn: each is served, whatever becomes of others. */
  #chosen(listed: readonly Listed[]): Listed[] {
    const { runtime } = this.#options.place;
    const { limit = DEFAULT_LIMIT } = this.#given;
    const open = listed.filter(each => !this.#isKnownToWait(each));
    if (open.length <= limit) return open;
    this.#report.more = true;
    const start = Math.floor(runtime.random() * open.length);
    const oldestFirst = [...open.slice(start), ...open.slice(0, start)].reverse();
    return this.#inTurns(oldestFirst).slice(0, limit).reverse();
  }

  /** Ids of one receiver begin alike. */
  #inTurns(listed: readonly Listed[]): Listed[] {
    const from = keyOf(this.#options.place, 'due', '').length;
    const counts = new Map<string, number>();
    const turns = listed.map(each => {
      const receiver = each.key.slice(from, from + RECEIVER_CHARACTERS);
      const turn = counts.get(receiver) ?? 0;
      counts.set(receiver, turn + 1);
      return { each, turn };
    });
    return turns.sort((one, other) => one.turn - other.turn).map(({ each }) => each);
  }

  #isKnownToWait({ key, modifiedMs }: Listed): boolean {
    const known = this.#waiting.get(key);
    const isWaiting = known?.modifiedMs === modifiedMs && known.dueMs > this.#options.place.runtime.now();
    if (isWaiting) this.#waits(known.dueMs);
    return isWaiting;
  }

  #isLate(): boolean {
    const { deadlineMs } = this.#given;
    return deadlineMs !== undefined && this.#options.place.runtime.now() + MIN_SEND_MS > deadlineMs;
  }

  async #one({ key, modifiedMs }: Listed): Promise<void> {
    try {
      const { place, ...rest } = this.#options;
      const isResting = (target: string) => (this.#failures.get(target) ?? 0) >= MAX_TARGET_FAILURES;
      const delivered = await deliverOne({ ...rest, ...this.#given, place, key, isResting });
      this.#note(delivered);
      if (delivered.kind === 'waiting') {
        this.#waiting.set(key, { modifiedMs, dueMs: delivered.dueMs }, 1);
      }
    } catch (error) {
      this.#report.more = true;
      this.#given.onError?.(error);
    }
  }

  #note(delivered: Delivered): void {
    if (delivered.kind === 'waiting') this.#waits(delivered.dueMs);
    else if (delivered.kind === 'resting') this.#waits(this.#options.place.runtime.now() + TARGET_REST_MS);
    else if (delivered.kind !== 'gone') this.#tried(delivered);
  }

  #tried({ kind, possiblyDoubled, target, dueMs }: Tried): void {
    this.#report[kind] += 1;
    if (possiblyDoubled) this.#report.possiblyDoubled += 1;
    if (kind === 'failed') this.#nextDue(dueMs);
    if (kind !== 'sent') this.#failures.set(target, (this.#failures.get(target) ?? 0) + 1);
  }

  #waits(dueMs: number): void {
    this.#report.waiting += 1;
    this.#nextDue(dueMs);
  }

  #nextDue(dueMs: number): void {
    const { nextDueMs = dueMs } = this.#report;
    this.#report.nextDueMs = Math.min(nextDueMs, dueMs);
  }
}
