import { type MetricSource, metricFields } from '../core/metrics.ts';
import type { EnsureCounts } from '../db/ensure.ts';
import type { Meter, RequestMetrics, RequestOutcome } from '../http/services.ts';

export interface MetricsOptions {
  source: MetricSource;
  /** How long the process took until its handler was ready. Absent: it is a server. */
  initMs?: (() => number | undefined) | undefined;
  /** Has the initialisations. */
  meter: Meter;
  schemaChecks: Readonly<EnsureCounts>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Makes the metrics of one process. What belongs to no request in particular, as initialisations do, is told with the first
 * request that ends after it.
 */
export class EmbeddedMetrics implements RequestMetrics {
  readonly #options: MetricsOptions;
  #isCold = true;
  #mark = 0;
  #told = { hits: 0, misses: 0 };

  constructor(options: MetricsOptions) {
    this.#options = options;
  }

  fields({ durationMs, isFailure, isUnknown, use, more }: RequestOutcome): Record<string, unknown> {
    const { source, now } = this.#options;
    const { hits, misses } = this.#newChecks();
    const fields = metricFields(source, now(), {
      Requests: 1,
      ServerErrors: some(Number(isFailure)),
      DurationMs: rounded(durationMs),
      ColdStart: some(Number(this.#isCold)),
      InitMs: this.#isCold ? rounded(this.#options.initMs?.()) : undefined,
      SchemaEnsureHits: some(hits),
      SchemaEnsureMisses: some(misses),
      StorageRequests: use?.requests,
      StorageSequence: use?.sequence,
      StorageConnects: use?.connects,
      StorageBytes: use && use.sentBytes + use.receivedBytes,
      Conflicts: some(use?.conflicts),
      Retries: some(use?.retries),
      UnknownOutcomes: some(Math.max(use?.unknowns ?? 0, Number(isUnknown))),
      GroupSize: some(use?.group),
      ...more,
    });
    this.#isCold = false;
    return { ...fields, ...this.#newInitialisations() };
  }

  #newChecks(): { hits: number; misses: number } {
    const { hits, misses } = this.#options.schemaChecks;
    const told = this.#told;
    this.#told = { hits, misses };
    return { hits: hits - told.hits, misses: misses - told.misses };
  }

  /** By name, for reading: a metric for each would be billed for each. */
  #newInitialisations(): Record<string, unknown> {
    const { meter } = this.#options;
    const made = meter.since(this.#mark);
    this.#mark += made.length;
    return Object.fromEntries(
      made.map(({ name, durationMs }) => [`LazyInit_${name.replace(/^init-/, '')}Ms`, rounded(durationMs)]),
    );
  }
}

/** Left out where it is 0: that says nothing, and is billed. */
function some(count: number | undefined): number | undefined {
  return count === 0 ? undefined : count;
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}
