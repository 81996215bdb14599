import { expect, test } from 'vitest';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const { template, one, all } = synthesise();

test.each([
  ['ledger', 'LedgerEventsQueue', 'FunctionsProject', 5],
  ['import', 'ImportEventsQueue', 'FunctionsImport', 3],
])(
  'the %s queue hides a message for six times the time of its function, and ends in dead letters',
  (_, start, target, count) => {
    const queue = one('AWS::SQS::Queue', start);
    const { Timeout } = one('AWS::Lambda::Function', target);
    const { MaximumBatchingWindowInSeconds: window } = one('AWS::Lambda::EventSourceMapping', target);
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Timeout) + Number(window));
    const resolve = resolver(template);
    const deadLetters = all('AWS::SQS::Queue').find(([id]) =>
      id.startsWith(start.replace('Queue', 'DeadLetters')),
    );
    expect(resolve(queue.RedrivePolicy)).toEqual({
      maxReceiveCount: count,
      deadLetterTargetArn: resolve({ 'Fn::GetAtt': [deadLetters?.[0], 'Arn'] }),
    });
  },
);

test('the visibility of messages follows the timeout of the function', () => {
  const made = synthesise({ projectTimeout: '900' });
  expect(made.one('AWS::SQS::Queue', 'LedgerEventsQueue').VisibilityTimeout).toBe(5405);
});

test('every queue is encrypted, refuses what comes without TLS, and keeps messages for two weeks', () => {
  const queues = all('AWS::SQS::Queue');
  expect(queues).toHaveLength(4);
  for (const [, { Properties }] of queues) {
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
  }
  for (const [, { Properties }] of all('AWS::SQS::QueuePolicy')) {
    expect(Properties?.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    });
  }
});

test.each(['FunctionsProject', 'FunctionsImport'])('%s says which messages of a batch come back', start => {
  expect(one('AWS::Lambda::EventSourceMapping', start)).toMatchObject({
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('a bucket tells of ledgers, of bundles to import and of imports to be woken, and of nothing else', () => {
  const { NotificationConfiguration } = one('AWS::S3::Bucket');
  expect(NotificationConfiguration).toEqual({
    QueueConfigurations: [
      {
        Event: 's3:ObjectCreated:*',
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'ledger/' }] } },
        Queue: { 'Fn::GetAtt': [expect.stringMatching(/^LedgerEventsQueue/), 'Arn'] },
      },
      {
        Event: 's3:ObjectCreated:*',
        Filter: {
          S3Key: {
            Rules: [
              { Name: 'prefix', Value: 'imports/' },
              { Name: 'suffix', Value: '.bundle' },
            ],
          },
        },
        Queue: { 'Fn::GetAtt': [expect.stringMatching(/^ImportEventsQueue/), 'Arn'] },
      },
      {
        Event: 's3:ObjectCreated:*',
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'wakes/' }] } },
        Queue: { 'Fn::GetAtt': [expect.stringMatching(/^ImportEventsQueue/), 'Arn'] },
      },
    ],
  });
});

test('the projections run every five minutes, and a failed run is not repeated', () => {
  expect(one('AWS::Events::Rule')).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
    Targets: [
      {
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^FunctionsProject/), 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    ],
  });
  expect(one('AWS::Lambda::EventInvokeConfig')).toMatchObject({ MaximumRetryAttempts: 0 });
});
