import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName, MetricName } from '../src/core/metrics.ts';

/** Of the metrics that the functions write into their logs. */
export const NAMESPACE = 'Kittiwake';

const PERIOD = Duration.minutes(5);

/** A metric of one function of a wiki: a sum over five minutes unless `options` say otherwise. */
export function ownMetric(
  name: MetricName,
  source: { wiki: string; functionName: FunctionName },
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: name,
    dimensionsMap: { Wiki: source.wiki, Function: source.functionName },
    statistic: 'Sum',
    period: PERIOD,
    ...options,
  });
}

/** For the metrics that AWS itself has. */
export const EVERY_FIVE_MINUTES = { period: PERIOD } as const;
