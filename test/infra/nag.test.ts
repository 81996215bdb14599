import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { synthesise } from './synth.ts';

const ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11';

/** What cdk-nag finds: rule and resource. */
function findingsIn(app: App): string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
}

test('AwsSolutions of cdk-nag finds what is wrong with a bucket', () => {
  const app = new App();
  new Bucket(new Stack(app, 'Bad'), 'Bucket');
  expect(findingsIn(app)).toEqual(
    expect.arrayContaining(['AwsSolutions-S1 Bad/Bucket/Resource', 'AwsSolutions-S10 Bad/Bucket/Resource']),
  );
});

test.each([
  ['as it is by default', {}],
  ['behind an HTTP API', { frontDoor: 'httpApi' }],
  ['behind a name of its own', { domainName: 'wiki.example.org', certificateArn: ARN }],
  ['with a published site', { site: 'true' }],
  ['with mails by SES', { mail: 'ses', mailSender: 'Wiki <wiki@example.org>' }],
  ['with alarms by mail', { alarmEmail: 'ops@example.org' }],
  ['with traces', { tracing: 'true' }],
  ['with a bucket that goes with it', { destroyBucket: 'true' }],
  [
    'with a key of KMS',
    { kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11' },
  ],
])('AwsSolutions of cdk-nag finds nothing in the stack %s', (_, given) => {
  expect(findingsIn(synthesise(given).app)).toEqual([]);
});
