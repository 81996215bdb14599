interface Event {
  atMs: number;
  order: number;
  run: () => void;
}

/**
 * Virtual time. Events run one by one, in the order of their times; before the next one, everything that the last one
 * made ready (the continuations of its promises) has run. Nothing real is waited for, so a run depends on its seed alone,
 * as long as the simulated code itself takes time, waiting and randomness only from its `Runtime`.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #nowMs: number;
  #order = 0;
  readonly #outside = new Set<Promise<unknown>>();
  /** Events that have run. */
  events = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs `run` after `delayMs`. Events of the same moment run in the order they were made. */
  after(delayMs: number, run: () => void): void {
    this.#push({ atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, run });
    this.#order += 1;
  }

  /** No event runs before `work` has ended: something real that takes no virtual time, as loading a module. */
  waitFor(work: Promise<unknown>): void {
    const ended = work.finally(() => this.#outside.delete(ended));
    this.#outside.add(ended);
  }

  /** Runs events until none is left, or until `done` says so. @throws Error after `maxEvents` (a livelock) */
  async run(options: { done?: () => boolean; maxEvents?: number } = {}): Promise<void> {
    const { done = () => false, maxEvents = 1_000_000 } = options;
    await this.#settled();
    while (!done()) {
      const event = this.#pop();
      if (event === undefined) return;
      this.#nowMs = event.atMs;
      this.events += 1;
      if (this.events > maxEvents) throw new Error(`Simulating: no end after ${maxEvents} events`);
      event.run();
      await this.#settled();
    }
  }

  async #settled(): Promise<void> {
    await drained();
    while (this.#outside.size > 0) {
      await Promise.all(this.#outside);
      await drained();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Event | undefined, other: Event | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** Resolves when no promise has a continuation left to run: Node serves the tick queue after the microtasks. */
function drained(): Promise<void> {
  return new Promise(resolve => process.nextTick(resolve));
}
