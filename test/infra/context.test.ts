import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONTEXT } from '../../infra/context.ts';
import { contextTable, readContext } from '../../infra/read-context.ts';
import { follow, ROOT } from '../support/cli.ts';
import { KEY_HASH } from './synth.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11';

const PROXY_SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:proxy-AbCdEf';

const read = (given: Record<string, unknown>) => readContext({ apiKeySha256: KEY_HASH, ...given });

test('with nothing but the hash of a key every value has its default', () => {
  expect(read({})).toMatchObject({
    stackName: 'Kittiwake',
    wiki: undefined,
    frontDoor: 'functionUrl',
    domainName: undefined,
    arch: 'arm64',
    apiMemory: 1769,
    apiConcurrency: 20,
    prefetch: true,
    destroyBucket: false,
    uploadOrigins: ['*'],
    readAccess: 'APPROVED',
    tenants: '',
  });
});

test('without the hash of a key it is said how to make one', () => {
  expect(() => readContext({})).toThrow(/^Missing context apiKeySha256: .*openssl rand.*sha256sum$/);
});

test('the app says so and makes nothing', async () => {
  const { code, out, err } = await follow([process.execPath, join(ROOT, 'infra/app.ts')], { cwd: ROOT })
    .finished;
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: Missing context apiKeySha256: [^\n]*\n$/);
});

test('values of cdk.json may be numbers and switches', () => {
  expect(read({ apiMemory: 512, site: true, wiki: '' })).toMatchObject({
    apiMemory: 512,
    site: true,
    wiki: undefined,
  });
});

test('a value may say that there is none', () => {
  expect(read({ apiConcurrency: 'none', uploadOrigins: 'none' })).toMatchObject({
    apiConcurrency: 'none',
    uploadOrigins: [],
  });
});

test.each([
  ['apiKeySha256', 'kw_abc'],
  ['stackName', '1wiki'],
  ['wiki', 'main'],
  ['frontDoor', 'restApi'],
  ['frontDoor', 'functionurl'],
  ['domainName', 'https://wiki.example.org'],
  ['certificateArn', CERTIFICATE.replace('us-east-1', 'eu-central-1')],
  ['site', 'perhaps'],
  ['arch', 'arm'],
  ['apiMemory', '127'],
  ['apiMemory', '10241'],
  ['apiTimeout', '901'],
  ['apiConcurrency', '0'],
  ['importStorage', '10GB'],
  ['metrics', 'statsd'],
  ['logLevel', 'loud'],
  ['logLevel', 'silent'],
  ['logRetentionDays', '29'],
  ['alarmEmail', 'somebody'],
  ['databaseUrlSecretArn', 'postgres://localhost'],
  ['proxySecretArn', 'secret'],
  ['previousApiKeySha256', 'kw_abc'],
  ['originSecret', '0'],
  ['readAccess', 'PUBLIC'],
  ['jwtIssuer', 'id.example.org'],
  ['jwtAlgorithms', 'HS256'],
  ['rateLimitReads', 'many'],
  ['maxWikiSize', '-1'],
  ['tenants', '/w'],
  ['kmsKeyArn', 'alias/aws/s3'],
  ['uploadOrigins', 'example.org'],
  ['mail', 'sendmail'],
  ['mailSender', 'somebody'],
  ['mailPasswordSecretArn', 'secret'],
  ['webhookAllow', 'inside'],
  ['destroyBucket', 'y'],
])('%s="%s" is refused with what would be right', (name, value) => {
  const wanted = CONTEXT[name as keyof typeof CONTEXT].wanted;
  expect(() => read({ [name]: value })).toThrow(`Invalid context ${name}="${value}": it must be ${wanted}`);
});

test.each([
  [{ domainName: 'wiki.example.org' }, /^Conflicting context domainName and certificateArn/],
  [{ certificateArn: CERTIFICATE }, /^Conflicting context certificateArn and domainName/],
  [
    { domainName: 'wiki.example.org', certificateArn: CERTIFICATE, frontDoor: 'httpApi' },
    /^Conflicting context domainName and frontDoor/,
  ],
  [
    { domainName: 'wiki.example.org', certificateArn: CERTIFICATE, apiTimeout: '60' },
    /^Conflicting context apiTimeout and domainName.*at most 59/,
  ],
  [{ frontDoor: 'httpApi', apiTimeout: '30' }, /^Conflicting context apiTimeout and frontDoor.*at most 29/],
  [{ jwtIssuer: 'https://id.example.org' }, /^Conflicting context jwtIssuer and jwtAudience/],
  [
    { domainName: 'wiki.example.org', certificateArn: CERTIFICATE, proxySecretArn: PROXY_SECRET },
    /^Conflicting context proxySecretArn and domainName: CloudFront hands on the headers of anybody/,
  ],
  [
    { previousProxySecretArn: PROXY_SECRET },
    /^Conflicting context previousProxySecretArn and proxySecretArn/,
  ],
  [{ mail: 'ses' }, /^Conflicting context mail and mailSender/],
  [{ mail: 'smtp', mailSender: 'wiki@example.org' }, /^Conflicting context mail and mailServer/],
  [{ tenants: 'path:/w', wiki: 'a'.repeat(32) }, /^Conflicting context wiki and tenants/],
  [{ tenants: 'host:wiki.example.org' }, /^Conflicting context tenants and frontDoor.*path:/],
])('what contradicts itself is refused: %j', (given, message) => {
  expect(() => read(given)).toThrow(message);
});

test('a misspelt name is refused with the right one, what belongs to others is not', () => {
  expect(() => read({ destoryBucket: 'true' })).toThrow(
    'Unknown context destoryBucket: did you mean destroyBucket?',
  );
  expect(() => read({ 'aws:cdk:sites': '1', '@aws-cdk/core:archs': true, somethingElse: 1 })).not.toThrow();
});

test('the deploy guide has the table of all values', () => {
  expect(readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8')).toContain(contextTable());
});
