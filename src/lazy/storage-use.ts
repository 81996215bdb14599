import type { AsyncLocalStorage } from 'node:async_hooks';
import type { StorageMeter, StorageUse } from '../http/services.ts';
import type { S3Call } from '../storage/s3/client.ts';
import type { Causes, PutReport } from '../swap/causes.ts';

/** What the store was asked in the course of one request, and what became of its writes. */
class Use {
  readonly id: () => string;
  requests = 0;
  sequence = 0;
  connects = 0;
  sentBytes = 0;
  receivedBytes = 0;
  busyMs = 0;
  sharedBy = 0;
  conflicts = 0;
  retries = 0;
  unknowns = 0;
  group = 0;
  #freeMs = Number.NEGATIVE_INFINITY;
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(id: () => string) {
    this.id = id;
  }

  /** To be told of each call when it is over. */
  add({ connected, sentBytes, receivedBytes, startedMs, durationMs }: S3Call, sharedBy: number): void {
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

  /** To be told of each put that carried a write of this request. */
  addPut({ outcome, writes }: PutReport, isRetry: boolean): void {
    this.conflicts += Number(outcome === 'conflict');
    this.unknowns += Number(outcome === 'unknown');
    this.retries += Number(isRetry);
    this.group = Math.max(this.group, writes);
  }

  snapshot(): StorageUse {
    const { requests, sequence, connects, sentBytes, receivedBytes, busyMs, sharedBy } = this;
    const { conflicts, retries, unknowns, group } = this;
    return {
      requests,
      sequence,
      connects,
      sentBytes,
      receivedBytes,
      busyMs,
      sharedBy,
      conflicts,
      retries,
      unknowns,
      group,
    };
  }
}

/**
 * Counts the store's calls by the HTTP request in whose course they are made, however many run at a time. A call that is made
 * for several, as the put of a group of writes is, counts for each of them.
 */
export class StorageCounter implements StorageMeter, Causes {
  readonly #onCall: ((call: S3Call) => void) | undefined;
  #contexts: AsyncLocalStorage<readonly Use[]> | undefined;

  /** @param onCall is told of each call, too */
  constructor(onCall?: (call: S3Call) => void) {
    this.#onCall = onCall;
  }

  /** Runs the work of one request, which has this id; `used` tells what it has used up to now. */
  measure<T>(id: () => string, work: (used: () => StorageUse) => T): T {
    // By name, not by `import`: see ARCHITECTURE.md on what loading costs.
    this.#contexts ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)();
    const use = new Use(id);
    return this.#contexts.run([use], () => work(() => use.snapshot()));
  }

  /** To be told of each call of the store, in the course of which it was made. */
  record(call: S3Call): void {
    this.#onCall?.(call);
    const uses = this.#contexts?.getStore() ?? [];
    for (const use of uses) use.add(call, uses.length);
  }

  /** The request in whose course this is asked; of several, the first. */
  requestId(): string | undefined {
    return this.#contexts?.getStore()?.[0]?.id();
  }

  current(): unknown {
    return this.#contexts?.getStore()?.[0];
  }

  during<R>(causes: readonly unknown[], work: () => R): R {
    if (this.#contexts === undefined) return work();
    const uses = causes.filter(cause => cause instanceof Use);
    return this.#contexts.run(uses, work);
  }

  onPut(report: PutReport): void {
    for (const use of new Set(report.causes)) {
      if (use instanceof Use) use.addPut(report, report.retried.includes(use));
    }
  }
}
