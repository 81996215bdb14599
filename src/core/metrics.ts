/**
 * Metrics as fields of a line of the log, from which CloudWatch makes them:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

const NAMESPACE = 'Kittiwake';

/** Every metric with its unit. */
const UNITS = {
  /** Requests that were answered, batches of events that were worked on, imports. */
  Requests: 'Count',
  /** Those of them that failed: answered 5xx, or not at all. */
  ServerErrors: 'Count',
  DurationMs: 'Milliseconds',
  /** 1 for the first of a process. */
  ColdStart: 'Count',
  /** Of the same: from the start of the process until the handler was ready. */
  InitMs: 'Milliseconds',
  /** Checks of a database's schema that memory answered. */
  SchemaEnsureHits: 'Count',
  /** Those that asked the database. */
  SchemaEnsureMisses: 'Count',
  StorageRequests: 'Count',
  /** The most of them that followed one another: round trips. */
  StorageSequence: 'Count',
  StorageConnects: 'Count',
  /** Of bodies, both ways. */
  StorageBytes: 'Bytes',
  /** Swaps that found another version. */
  Conflicts: 'Count',
  /** Attempts of swaps beyond the first. */
  Retries: 'Count',
  /** Swaps of which nobody knew at first whether they took effect. */
  UnknownOutcomes: 'Count',
  /** Writes that went out in one swap. */
  GroupSize: 'Count',
  /** Commits that the projection furthest behind has not taken in. */
  ProjectionLag: 'Count',
  /** Age of the oldest of them. */
  ProjectionLagSeconds: 'Seconds',
  /** What projections could not take in and try again. */
  SetAside: 'Count',
  /** Mails and calls of webhooks that were given up. */
  DeadMessages: 'Count',
} as const;

export type MetricName = keyof typeof UNITS;

/** What is undefined is left out: a metric is billed for the hours in which it has values. */
export type MetricValues = { readonly [N in MetricName]?: number | undefined };

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
    Metrics: given.map(([name]) => ({ Name: name, Unit: UNITS[name as MetricName] })),
  };
  return {
    _aws: { Timestamp: timestampMs, CloudWatchMetrics: [directive] },
    ...source,
    ...Object.fromEntries(given),
  };
}
