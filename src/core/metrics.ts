/**
 * Metrics as fields of a line of the log, from which CloudWatch makes them:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

const NAMESPACE = 'Kittiwake';

/**
 * Every metric there is. What is undefined is left out: a metric is billed for the hours in which it has values. Those without a unit
 * in {@link UNITS} count something.
 */
export interface MetricValues {
  /** Requests that were answered, batches of events that were worked on, imports. */
  readonly Requests?: number | undefined;
  /** Those of them that failed: answered 5xx, or not at all. */
  readonly ServerErrors?: number | undefined;
  readonly DurationMs?: number | undefined;
  /** 1 for the first of a process. */
  readonly ColdStart?: number | undefined;
  /** Of the same: from the start of the process until the handler was ready. */
  readonly InitMs?: number | undefined;
  /** Checks of a database's schema that memory answered. */
  readonly SchemaEnsureHits?: number | undefined;
  /** Those that asked the database. */
  readonly SchemaEnsureMisses?: number | undefined;
  readonly StorageRequests?: number | undefined;
  /** The most of them that followed one another: round trips. */
  readonly StorageSequence?: number | undefined;
  readonly StorageConnects?: number | undefined;
  /** Of bodies, both ways. */
  readonly StorageBytes?: number | undefined;
  /** Swaps that found another version. */
  readonly Conflicts?: number | undefined;
  /** Attempts of swaps beyond the first. */
  readonly Retries?: number | undefined;
  /** Swaps of which nobody knew at first whether they took effect. */
  readonly UnknownOutcomes?: number | undefined;
  /** Writes that went out in one swap. */
  readonly GroupSize?: number | undefined;
  /** Commits that the projection furthest behind has not taken in. */
  readonly ProjectionLag?: number | undefined;
  /** Age of the oldest of them. */
  readonly ProjectionLagSeconds?: number | undefined;
  /** What projections could not take in and try again. */
  readonly SetAside?: number | undefined;
  /** Mails and calls of webhooks that were given up. */
  readonly DeadMessages?: number | undefined;
  /** Runs of remotes that failed, and those that met a conflict. */
  readonly RemoteFailures?: number | undefined;
  readonly RemoteConflicts?: number | undefined;
  /** Remotes that have failed several times in a row. */
  readonly RemotesFailing?: number | undefined;
  /** Rows that an import has read, when it has ended. */
  readonly ImportRows?: number | undefined;
  /** From its start to its end, also while nobody worked on it. */
  readonly ImportSeconds?: number | undefined;
  readonly ImportRowsPerSecond?: number | undefined;
  /** The most that a process which imports had in memory. */
  readonly ImportPeakMemory?: number | undefined;
  /** The most that it had in its folder for temporary files. */
  readonly ImportScratchBytes?: number | undefined;
  /** Imports that were refused for what they read or may do. */
  readonly ImportsRefused?: number | undefined;
  /** Imports that were given up, and runs that were interrupted: by the server, not by what was to be imported. */
  readonly ImportsFailed?: number | undefined;
  /** Imports that wait for somebody who works on them, and those that somebody has begun. */
  readonly ImportsQueued?: number | undefined;
  readonly ImportsRunning?: number | undefined;
  /** Age of the oldest of both. */
  readonly ImportAgeSeconds?: number | undefined;
}

export type MetricName = keyof MetricValues;

const UNITS: Partial<Record<MetricName, string>> = {
  DurationMs: 'Milliseconds',
  InitMs: 'Milliseconds',
  StorageBytes: 'Bytes',
  ProjectionLagSeconds: 'Seconds',
  ImportSeconds: 'Seconds',
  ImportRowsPerSecond: 'Count/Second',
  ImportPeakMemory: 'Bytes',
  ImportScratchBytes: 'Bytes',
  ImportAgeSeconds: 'Seconds',
};

export type FunctionName = 'api' | 'project' | 'import';

/** Whose metrics they are; each field is a dimension. */
export interface MetricSource {
  /** As configured: its uuid or its name. */
  Wiki: string;
  Function: FunctionName;
}

/** The fields that make a line of the log one with metrics. At most one such line tells of each request. */
export function metricFields(
  source: MetricSource,
  timestampMs: number,
  values: MetricValues,
): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && Number.isFinite(value));
  const directive = {
    Namespace: NAMESPACE,
    Dimensions: [['Wiki', 'Function']],
    Metrics: given.map(([name]) => ({ Name: name, Unit: UNITS[name as MetricName] ?? 'Count' })),
  };
  return {
    _aws: { Timestamp: timestampMs, CloudWatchMetrics: [directive] },
    ...source,
    ...Object.fromEntries(given),
  };
}
