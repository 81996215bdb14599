/** A value made on its first use. */
export interface Lazy<T> {
  /** Concurrent callers share one attempt. A failed one is forgotten: the next call tries again. */
  (): Promise<T>;
  readonly name: string;
  /** The value, when it has been made. */
  peek(): T | undefined;
  /** Forgets the value: the next call makes it again. */
  reset(): void;
}

/** Gets the time of every initialisation that succeeded. */
export interface LazyRecorder {
  /** Milliseconds, rising. */
  now(): number;
  record(name: string, durationMs: number): void;
}

/**
 * Wraps an initialiser. Node remembers a module whose evaluation threw, so what is imported inside `init` has no
 * fallible top level: what can fail is in the factory that `init` calls.
 */
export function lazy<T>(name: string, recorder: LazyRecorder, init: () => T | Promise<T>): Lazy<T> {
  let pending: Promise<T> | undefined;
  let made: { value: T } | undefined;

  async function attempt(): Promise<T> {
    const startMs = recorder.now();
    const value = await init();
    recorder.record(name, recorder.now() - startMs);
    return value;
  }

  function get(): Promise<T> {
    if (pending) return pending;
    const current = attempt();
    pending = current;
    current.then(
      value => {
        if (pending === current) made = { value };
      },
      () => {
        if (pending === current) pending = undefined;
      },
    );
    return current;
  }

  const reset = () => {
    pending = undefined;
    made = undefined;
  };
  Object.defineProperty(get, 'name', { value: name });
  return Object.assign(get, { peek: () => made?.value, reset });
}
