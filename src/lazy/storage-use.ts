import type { AsyncLocalStorage } from 'node:async_hooks';
import type { StorageMeter, StorageUse } from '../http/services.ts';
import type { S3Call } from '../storage/s3/client.ts';
import type { Causes } from '../swap/causes.ts';

type Call = Pick<S3Call, 'connected' | 'sentBytes' | 'receivedBytes' | 'startedMs' | 'durationMs'>;

/** What the store was asked in the course of one request. */
class Use {
  requests = 0;
  sequence = 0;
  connects = 0;
  sentBytes = 0;
  receivedBytes = 0;
  busyMs = 0;
  sharedBy = 0;
  #freeMs = Number.NEGATIVE_INFINITY;
  #endedMs = Number.NEGATIVE_INFINITY;

  /** To be told of each call when it is over. */
  add({ connected, sentBytes, receivedBytes, startedMs, durationMs }: Call, sharedBy: number): void {
    const endedMs = startedMs + durationMs;
    this.requests += 1;
    this.connects += Number(connected);
    this.sentBytes += sentBytes;
    this.receivedBytes += receivedBytes;
    this.busyMs += Math.max(0, endedMs - Math.max(startedMs, this.#endedMs));
    this.#endedMs = Math.max(this.#endedMs, endedMs);
    if (sharedBy > 1) this.sharedBy = Math.max(this.sharedBy, sharedBy);
    if (startedMs < this.#freeMs) return;
    this.sequence += 1;
    this.#freeMs = endedMs;
  }

  snapshot(): StorageUse {
    const { requests, sequence, connects, sentBytes, receivedBytes, busyMs, sharedBy } = this;
    return { requests, sequence, connects, sentBytes, receivedBytes, busyMs, sharedBy };
  }
}

/**
 * Counts the store's calls by the HTTP request in whose course they are made, however many run at a time. A call that is made
 * for several, as the put of a group of writes is, counts for each of them.
 */
export class StorageCounter implements StorageMeter, Causes {
  #contexts: AsyncLocalStorage<readonly Use[]> | undefined;

  /** Runs the work of one request; `used` tells what it has used up to now. */
  measure<T>(work: (used: () => StorageUse) => T): T {
    // By name, not by `import`: see ARCHITECTURE.md on what loading costs.
    this.#contexts ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)();
    const use = new Use();
    return this.#contexts.run([use], () => work(() => use.snapshot()));
  }

  /** To be told of each call of the store, in the course of which it was made. */
  record(call: Call): void {
    const uses = this.#contexts?.getStore() ?? [];
    for (const use of uses) use.add(call, uses.length);
  }

  current(): unknown {
    return this.#contexts?.getStore()?.[0];
  }

  during<R>(causes: readonly unknown[], work: () => R): R {
    if (this.#contexts === undefined) return work();
    const uses = causes.filter(cause => cause instanceof Use);
    return this.#contexts.run(uses, work);
  }
}
