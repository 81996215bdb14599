import { expect, test } from 'vitest';
import { LOSS_CODES } from '../../infra/lost-objects.ts';
import { STATUS } from '../../src/http/status.ts';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const { template, all, one } = synthesise();

const OWN = [
  ...['UnknownOutcomes', 'Conflicts', 'ServerErrors'],
  ...['ProjectionLagSeconds', 'SetAside', 'DeadMessages', 'RemotesFailing'],
  ...['ImportAgeSeconds', 'ImportsFailed', 'ImportPeakMemory', 'ImportScratchBytes'],
];

const alarms = all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties ?? {});

test('there is an alarm for all that somebody must look at', () => {
  const count = (name: string) => alarms.filter(({ MetricName }) => MetricName === name).length;
  expect(count('Errors')).toBe(3);
  expect(count('Throttles')).toBe(3);
  expect(count('ApproximateNumberOfMessagesVisible')).toBe(2);
  expect(count('ApproximateAgeOfOldestMessage')).toBe(2);
  expect(count('Lost-Kittiwake')).toBe(1);
  expect(count('UnknownOutcomes')).toBe(1);
  expect(count('Conflicts')).toBe(1);
  expect(count('ServerErrors')).toBe(1);
  expect(count('ProjectionLagSeconds')).toBe(1);
  expect(count('SetAside')).toBe(1);
  expect(count('DeadMessages')).toBe(1);
  expect(count('RemotesFailing')).toBe(1);
});

test('what the alarms of projections look at is what the projection function tells', () => {
  const own = alarms.filter(({ MetricName }) =>
    /^(ProjectionLagSeconds|SetAside|DeadMessages|RemotesFailing)$/.test(String(MetricName)),
  );
  for (const { Namespace, Dimensions } of own) {
    const named = { Namespace, Dimensions };
    expect(named).toMatchObject({
      Namespace: 'Kittiwake',
      Dimensions: [{ Name: 'Function', Value: 'project' }, { Name: 'Wiki' }],
    });
  }
});

test('imports that take too long, fail or fill what there is raise alarms, by the values of the context', () => {
  const made = synthesise({ importAlarmHours: '2', importMemory: '1000', importStorage: '2000' });
  const found = made
    .all('AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties ?? {})
    .filter(({ MetricName }) => String(MetricName).startsWith('Import'))
    .map(({ MetricName, Threshold, Dimensions }) => [
      MetricName,
      Threshold,
      (Dimensions as { Value: string }[])[0]?.Value,
    ]);
  expect(found).toEqual([
    ['ImportAgeSeconds', 7_200, 'project'],
    ['ImportsFailed', 3, 'import'],
    ['ImportPeakMemory', 800 * 1024 ** 2, 'import'],
    ['ImportScratchBytes', 1_600 * 1024 ** 2, 'import'],
  ]);
});

test('no data is no alarm, and every alarm says what it means', () => {
  for (const alarm of alarms) {
    expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', AlarmDescription: expect.any(String) });
    expect(alarm.AlarmActions).toBeUndefined();
  }
});

test('a line of any function that tells of a loss is counted', () => {
  const filters = all('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties ?? {});
  expect(filters).toHaveLength(3);
  for (const code of LOSS_CODES) expect(STATUS).toHaveProperty(code);
  for (const { FilterPattern } of filters) {
    // As much as CloudWatch takes.
    expect(String(FilterPattern).length).toBeLessThanOrEqual(1024);
    expect(FilterPattern).toMatch(/^\{ \(\$\.level = "error"\) && \(/);
    for (const code of LOSS_CODES) expect(FilterPattern).toContain(`"${code}"`);
  }
});

test('a pack that is gone is a loss like a ledger, and so are users that cannot be read', () => {
  expect(LOSS_CODES).toEqual(
    expect.arrayContaining(['object_lost', 'wiki_lost', 'pack_missing', 'pack_corrupt', 'state_corrupt']),
  );
});

test('without metrics in the log there is no alarm that waits for them', () => {
  const own = synthesise({ metrics: 'none' })
    .all('AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => OWN.includes(String(Properties?.MetricName)));
  expect(own).toEqual([]);
});

test('with an address every alarm goes there, and CloudWatch may publish', () => {
  const made = synthesise({ alarmEmail: 'ops@example.org' });
  expect(made.one('AWS::SNS::Subscription')).toMatchObject({
    Protocol: 'email',
    Endpoint: 'ops@example.org',
  });
  for (const [, { Properties }] of made.all('AWS::CloudWatch::Alarm')) {
    expect(Properties?.AlarmActions).toHaveLength(1);
  }
  const { Statement } = made.one('AWS::SNS::TopicPolicy').PolicyDocument as { Statement: unknown[] };
  expect(Statement).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
    ]),
  );
});

test('the dashboard shows waking up, writing, git and models, what follows, imports, and what fails', () => {
  const body = String(resolver(template)(one('AWS::CloudWatch::Dashboard').DashboardBody));
  const titles = (JSON.parse(body) as { widgets: { properties: { title: string } }[] }).widgets.map(
    ({ properties }) => properties.title,
  );
  expect(titles).toEqual([
    'Requests and cold starts',
    'Init, ms',
    'Init and first answer as Lambda reports them, ms',
    'Conflicts, retries, unknown outcomes',
    'Requests to S3: all, and one after another',
    'Duration, ms',
    'Fetches, pushes and calls of MCP, by status',
    'Pushes that landed, and what was refused',
    'Remotes that fail, runs that failed, conflicts',
    'Age of the oldest commit that something has not followed, s',
    'Set aside, and messages given up',
    'Runs of projections, ms',
    'Imports that wait, that run, and that failed',
    'Rows of imports, a second; age of the oldest one, s',
    'Memory and temporary files of imports, bytes',
    'Errors and throttles',
    'Age of the oldest event, s',
    'Dead letters and lost objects',
  ]);
  expect(body).toContain('@initDuration');
  expect(body).toContain('Lost-Kittiwake');
});
