/**
 * Everything a module may take from the outside world besides bytes: time, waiting and randomness. Passed as a
 * parameter so that the simulation can replace it by a seeded one; nothing below `handler`, `cli` and `lazy`
 * calls `Date.now`, `setTimeout`, `Math.random` or `crypto.randomBytes` itself.
 */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Lets everything that is already queued run first (`setImmediate`). */
  turn(): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
  /** `count` random bytes. */
  randomBytes(count: number): Buffer;
}

/**
 * Milliseconds that only rise, from some moment before: for durations. The global `performance` is loaded with its first use, which
 * takes 1.3 ms.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** 128 random bits as 32 lower-case hex digits. */
export function randomId(runtime: Runtime): string {
  return runtime.randomBytes(16).toString('hex');
}

export const systemRuntime: Runtime = {
  now: () => Date.now(),
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  turn: () => new Promise(resolve => setImmediate(resolve)),
  random: () => Math.random(),
  randomBytes: count => randomPool.take(count),
};

/** Random bytes drawn in blocks: a draw takes about as long for 4 kB as for 16 bytes. No byte is given out twice. */
class RandomPool {
  static readonly blockBytes = 4 << 10;
  #block = Buffer.alloc(0);

  take(count: number): Buffer {
    // Loading node:crypto takes longer than all the rest of init: it waits for the first use.
    const { randomBytes } = process.getBuiltinModule('node:crypto');
    if (count > RandomPool.blockBytes / 8) return randomBytes(count);
    if (this.#block.length < count) this.#block = randomBytes(RandomPool.blockBytes);
    const taken = this.#block.subarray(0, count);
    this.#block = this.#block.subarray(count);
    return taken;
  }
}

const randomPool = new RandomPool();
