import type { S3Call } from '../../src/storage/s3/client.ts';

/** What the store was asked in the course of one commit. */
export interface CommitCost {
  requests: number;
  gets: number;
  /** Requests that followed one another, each begun after the answer to the one before it. */
  sequence: number;
  /** Of all puts. */
  sentBytes: number;
  /** Of these, what a flush wrote: pack, index and map. */
  flushBytes: number;
  receivedBytes: number;
}

/** Sums up the calls of a store, commit by commit. */
export class CommitMeter {
  #calls: S3Call[] = [];
  #costs: CommitCost[] = [];

  /** To be told of each call. */
  readonly note = (call: S3Call): void => {
    this.#calls.push(call);
  };

  /** Forgets all until now. */
  restart(): void {
    this.#calls = [];
    this.#costs = [];
  }

  /** The commit is over: what came since the last one belongs to it. */
  take(): CommitCost {
    const cost = costOf(this.#calls);
    this.#calls = [];
    this.#costs.push(cost);
    return cost;
  }

  /** Of the commits since the last restart. */
  get costs(): readonly CommitCost[] {
    return this.#costs;
  }
}

function costOf(calls: readonly S3Call[]): CommitCost {
  const puts = calls.filter(call => call.operation === 'put');
  const flush = puts.filter(call => call.key.startsWith('packs/'));
  return {
    requests: calls.length,
    gets: calls.length - puts.length,
    sequence: sequenceOf(calls),
    sentBytes: sum(puts.map(call => call.sentBytes)),
    flushBytes: sum(flush.map(call => call.sentBytes)),
    receivedBytes: sum(calls.map(call => call.receivedBytes)),
  };
}

function sequenceOf(calls: readonly S3Call[]): number {
  const inOrder = calls.toSorted((a, b) => a.startedMs + a.durationMs - b.startedMs - b.durationMs);
  let count = 0;
  let freeMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs, durationMs } of inOrder) {
    if (startedMs < freeMs) continue;
    count += 1;
    freeMs = startedMs + durationMs;
  }
  return count;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
