import { expect, test } from 'vitest';
import { metricFields } from '../../src/core/metrics.ts';

test('metrics are fields that a directive names with their units', () => {
  expect(
    metricFields({ Wiki: 'main', Function: 'api' }, 1_700_000_000_000, {
      Requests: 1,
      DurationMs: 2.5,
      StorageBytes: 0,
    }),
  ).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Kittiwake',
          Dimensions: [['Wiki', 'Function']],
          Metrics: [
            { Name: 'Requests', Unit: 'Count' },
            { Name: 'DurationMs', Unit: 'Milliseconds' },
            { Name: 'StorageBytes', Unit: 'Bytes' },
          ],
        },
      ],
    },
    Wiki: 'main',
    Function: 'api',
    Requests: 1,
    DurationMs: 2.5,
    StorageBytes: 0,
  });
});

test('what has no value, or none that CloudWatch takes, is left out and not named', () => {
  const fields = metricFields({ Wiki: 'main', Function: 'project' }, 0, {
    Requests: 1,
    InitMs: undefined,
    DurationMs: Number.NaN,
  });
  expect(Object.keys(fields)).toEqual(['_aws', 'Wiki', 'Function', 'Requests']);
  expect(JSON.stringify(fields._aws)).not.toMatch(/InitMs|DurationMs/);
});
