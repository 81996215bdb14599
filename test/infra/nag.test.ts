import { expect, test } from 'vitest';
import { synthesise } from './synth.ts';

const ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11';

test.each([
  ['as it is by default', {}],
  ['behind an HTTP API', { frontDoor: 'httpApi' }],
  ['behind a name of its own', { domainName: 'wiki.example.org', certificateArn: ARN }],
  ['with a published site', { site: 'true' }],
  ['with alarms by mail', { alarmEmail: 'ops@example.org' }],
  ['with traces', { tracing: 'true' }],
  ['with a bucket that goes with it', { destroyBucket: 'true' }],
  ['with a key of KMS', { kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0b0ed8a6-7b2c-4f0a-9c3a' }],
])('AwsSolutions of cdk-nag finds nothing in the stack %s', (_, given) => {
  expect(synthesise(given).findings).toEqual([]);
});
