import { type EnvironmentOptions, FunctionEnvironment } from './function-environment.ts';
import type { FunctionDefinition } from './function-process.ts';
import { type InvokeResult, type OpenInvocation, resultOf } from './invocation.ts';

export interface PoolOptions extends EnvironmentOptions {
  /** Environments at most: what comes while all are busy is refused. Default: 10. */
  reservedConcurrency?: number;
}

const DEFAULT_CONCURRENCY = 10;

/** Told in place of an answer: no environment is free and no other may be made. */
export class Throttled extends Error {
  constructor(concurrency: number) {
    super(`Cannot invoke: all ${concurrency} environments are busy`);
  }
}

/** A function as the platform scales it: one event at a time in each environment, a new one when all are busy. */
export class EnvironmentPool {
  readonly #definition: FunctionDefinition;
  readonly #concurrency: number;
  readonly #options: EnvironmentOptions;
  #environments: FunctionEnvironment[] = [];

  constructor(definition: FunctionDefinition, { reservedConcurrency, ...options }: PoolOptions = {}) {
    this.#definition = definition;
    this.#concurrency = reservedConcurrency ?? DEFAULT_CONCURRENCY;
    this.#options = options;
  }

  /** In the order in which they were made. */
  get environments(): readonly FunctionEnvironment[] {
    return this.#environments;
  }

  /** @throws Throttled, RangeError when the event is too large */
  open(event: unknown): Promise<OpenInvocation> {
    return this.#free().open(event);
  }

  /** @throws Throttled, RangeError when the event is too large */
  async invoke(event: unknown): Promise<InvokeResult> {
    return await resultOf(await this.open(event));
  }

  /** What comes next has new environments; those that are busy end at once. */
  async recycle(): Promise<void> {
    const environments = this.#environments;
    this.#environments = [];
    await Promise.all(environments.map(environment => environment.stop()));
  }

  async stop(): Promise<void> {
    await this.recycle();
  }

  #free(): FunctionEnvironment {
    const idle = this.#environments.findLast(environment => !environment.isBusy);
    if (idle !== undefined) return idle;
    if (this.#environments.length >= this.#concurrency) throw new Throttled(this.#concurrency);
    const made = new FunctionEnvironment(this.#definition, this.#options);
    this.#environments.push(made);
    return made;
  }
}
