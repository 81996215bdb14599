import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from './exchange.ts';
import { exited, type FunctionError, timedOut } from './function-error.ts';
import {
  type FunctionDefinition,
  type FunctionProcess,
  type ProcessPlace,
  startFunction,
} from './function-process.ts';
import { type Invocation, RuntimeApi } from './runtime-api.ts';

/** Where a process lives, and whether it is stopped while it has no event. */
export interface SessionOptions extends Omit<ProcessPlace, 'runtimeApi'> {
  freezes: boolean;
}

/** One process of a function and the Runtime API that it speaks to, from its start to its end. */
export class RuntimeSession {
  readonly #freezes: boolean;
  readonly #api = new RuntimeApi({
    onNext: () => this.#onNext(),
    onInitError: error => this.#initError.resolve(error),
  });
  readonly #initError = Promise.withResolvers<FunctionError>();
  #process: FunctionProcess | undefined;
  #next = Promise.withResolvers<void>();
  #nextAtMs = 0;
  #isWanted = true;
  #isFrozen = false;
  #hasEnded = false;

  /** Starts the process; `ready` tells what became of it. */
  static async start(definition: FunctionDefinition, options: SessionOptions): Promise<RuntimeSession> {
    const session = new RuntimeSession(options.freezes);
    await session.#api.listen();
    const { temporary, logDescriptor } = options;
    const place = { temporary, logDescriptor, runtimeApi: session.#api.address };
    session.#process = startFunction(definition, place);
    session.#api.attach(session.#process.connection);
    void session.#process.exited.then(() => {
      session.#hasEnded = true;
    });
    return session;
  }

  private constructor(freezes: boolean) {
    this.#freezes = freezes;
  }

  get process(): FunctionProcess {
    if (this.#process === undefined) throw new Error('Cannot use a session: it was not started');
    return this.#process;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Start of the process to its first request for an event. */
  get initMs(): number {
    return this.#nextAtMs - this.process.spawnedAtMs;
  }

  /** Waits for the end of init; resolves with what went wrong. */
  async ready(requestId: string, limitMs: number): Promise<FunctionError | undefined> {
    const waiting = new AbortController();
    const late = sleep(limitMs, timedOut(requestId, limitMs), { signal: waiting.signal, ref: false });
    late.catch(() => {});
    const gone = this.process.exited.then(reason => exited(requestId, reason));
    const failure = await Promise.race([this.#next.promise, this.#initError.promise, gone, late]);
    waiting.abort();
    return failure ?? undefined;
  }

  /** Nobody waits for the process any more: with `freezes` it is stopped as soon as it asks for an event. */
  release(): void {
    this.#isWanted = false;
    if (this.#freezes && this.#nextAtMs > 0) this.freeze();
  }

  /** Hands an event over, for which it goes on if it was stopped. */
  deliver(invocation: Invocation): Exchange {
    this.#isWanted = false;
    this.#next = Promise.withResolvers<void>();
    if (this.#isFrozen) this.thaw();
    const exchange = this.#api.deliver(invocation);
    void this.process.exited.then(reason => exchange.fail(exited(invocation.requestId, reason)));
    return exchange;
  }

  /** Resolves when the process asks for another event, or has ended. */
  async settled(): Promise<void> {
    await Promise.race([this.#next.promise, this.process.exited]);
  }

  freeze(): void {
    this.#isFrozen = true;
    this.process.freeze();
  }

  thaw(): void {
    this.#isFrozen = false;
    this.process.thaw();
  }

  /** Ends the process at once. */
  async end(): Promise<void> {
    this.process.kill();
    await this.process.exited;
    await this.#api.stop();
  }

  #onNext(): void {
    if (this.#nextAtMs === 0) this.#nextAtMs = performance.now();
    if (this.#freezes && !this.#isWanted) this.freeze();
    this.#next.resolve();
  }
}
