import { monotonicMs } from '../core/runtime.ts';
import type { HookName } from './plugin.ts';

/** What one hook of one plugin has come to in this process. */
export interface HookUse {
  hook: HookName;
  calls: number;
  failures: number;
  /** Of all calls, and of the longest. */
  totalMs: number;
  maxMs: number;
}

/** Counts and times every call of a hook. */
export class HookTimes {
  readonly #uses = new Map<string, HookUse>();
  #failures = 0;
  readonly #onFailure: (plugin: string, hook: HookName, error: unknown) => void;

  /** @param onFailure is told of what a hook has thrown; must not throw */
  constructor(onFailure: (plugin: string, hook: HookName, error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Of all hooks until now. */
  get failures(): number {
    return this.#failures;
  }

  of(plugin: string, hook: HookName): HookUse {
    return { ...this.#use(plugin, hook) };
  }

  async timed<R>(plugin: string, hook: HookName, call: () => R | Promise<R>): Promise<R> {
    const startMs = monotonicMs();
    try {
      return await call();
    } finally {
      this.#add(plugin, hook, monotonicMs() - startMs);
    }
  }

  /** Calls a hook that may fail: then `otherwise` is the answer. */
  contained<R>(plugin: string, hook: HookName, otherwise: R, call: () => R): R {
    const startMs = monotonicMs();
    try {
      return call();
    } catch (error) {
      this.failed(plugin, hook, error);
      return otherwise;
    } finally {
      this.#add(plugin, hook, monotonicMs() - startMs);
    }
  }

  failed(plugin: string, hook: HookName, error: unknown): void {
    this.#failures += 1;
    this.#use(plugin, hook).failures += 1;
    this.#onFailure(plugin, hook, error);
  }

  #add(plugin: string, hook: HookName, ms: number): void {
    const use = this.#use(plugin, hook);
    use.calls += 1;
    use.totalMs += ms;
    use.maxMs = Math.max(use.maxMs, ms);
  }

  #use(plugin: string, hook: HookName): HookUse {
    const key = `${plugin} ${hook}`;
    const use = this.#uses.get(key) ?? { hook, calls: 0, failures: 0, totalMs: 0, maxMs: 0 };
    this.#uses.set(key, use);
    return use;
  }
}
