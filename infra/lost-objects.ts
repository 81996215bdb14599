import { Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EVERY_FIVE_MINUTES, NAMESPACE } from './metrics.ts';
import type { WikiFunctions } from './wiki-functions.ts';

/** Codes of errors that say: what was there is not there any more, or cannot be read. */
export const LOSS_CODES = [
  'object_lost',
  'object_unreadable',
  'wiki_lost',
  'ledger_corrupt',
  'pack_missing',
  'pack_corrupt',
  'pack_index_corrupt',
  'map_corrupt',
  'object_missing',
  'object_corrupt',
  'state_corrupt',
  'policy_unreadable',
  'wiki_name_unreadable',
] as const;

/** Lines of the logs that tell of a loss, in five minutes. */
export function lostMetric(functions: WikiFunctions): Metric {
  return new Metric({
    namespace: NAMESPACE,
    // A filter has no dimension that two wikis of one account could be told apart by.
    metricName: `Lost-${Stack.of(functions).stackName}`,
    statistic: 'Sum',
    ...EVERY_FIVE_MINUTES,
  });
}

/** Counts them. */
export class LostObjects extends Construct {
  constructor(scope: Construct, id: string, { functions }: { functions: WikiFunctions }) {
    super(scope, id);
    for (const [name, { logs }] of functions.byName()) {
      new MetricFilter(this, name, {
        logGroup: logs,
        // A refused import also names a code, and is no error.
        filterPattern: FilterPattern.all(
          FilterPattern.stringValue('$.level', '=', 'error'),
          FilterPattern.any(...LOSS_CODES.map(code => FilterPattern.stringValue('$.code', '=', code))),
        ),
        metricNamespace: NAMESPACE,
        metricName: lostMetric(functions).metricName,
        metricValue: '1',
      });
    }
  }
}
