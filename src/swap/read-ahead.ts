import type { Runtime } from '../core/runtime.ts';
import type { Known, Mirror } from './mirror.ts';

/** What a read brought, and when. */
export interface Reading<V> {
  /** Held when the read was sent. */
  readonly before: Known<V> | undefined;
  readonly known: Known<V> | undefined;
  readonly sentMs: number;
  readonly endedMs: number;
}

interface Ahead<V> {
  readonly startMs: number;
  readonly reading: Promise<Reading<V> | undefined>;
}

/** Asks for the current version. @throws what {@link Mirror.refresh} throws */
export async function readNow<V>(mirror: Mirror<V>, runtime: Runtime): Promise<Reading<V>> {
  const before = mirror.known;
  const sentMs = runtime.now();
  const known = await mirror.refresh();
  return { before, known, sentMs, endedMs: runtime.now() };
}

/**
 * A read that is sent while a put is under way, so that its answer is there about when the put's is: who lost a race has to
 * know what won it, and would else need two round trips for a try where the winner needs one.
 */
export class ReadAhead<V> {
  readonly #mirror: Mirror<V>;
  readonly #runtime: Runtime;
  #ahead: Ahead<V> | undefined;

  constructor(mirror: Mirror<V>, runtime: Runtime) {
    this.#mirror = mirror;
    this.#runtime = runtime;
  }

  /** Sends a read in `waitMs`, unless it is cancelled before. */
  start(waitMs: number): void {
    const startMs = this.#runtime.now() + waitMs;
    const reading = this.#runtime.sleep(waitMs).then(async () => {
      return this.#ahead === ahead ? readNow(this.#mirror, this.#runtime) : undefined;
    });
    const ahead: Ahead<V> = { startMs, reading };
    // Whoever takes it is told.
    reading.catch(() => {});
    this.#ahead = ahead;
  }

  cancel(): void {
    this.#ahead = undefined;
  }

  /** Takes the read on its way, if it was sent after `sinceMs`. */
  take(sinceMs: number): Promise<Reading<V> | undefined> | undefined {
    const ahead = this.#ahead;
    if (ahead === undefined || ahead.startMs < sinceMs) {
      this.#ahead = undefined;
      return undefined;
    }
    return ahead.reading.finally(() => this.cancel());
  }
}
