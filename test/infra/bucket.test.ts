import { expect, test } from 'vitest';
import { DEPLOYED, resolver } from '../support/cloudformation.ts';
import { bucketStatements, isDenied } from '../support/iam.ts';
import { synthesise } from './synth.ts';

const { template, one, all } = synthesise();
const bucket = one('AWS::S3::Bucket');
const BUCKET = 'arn:aws:s3:::kittiwake-466df9e00dff08e38e2f5088487c4896';

test('the bucket is versioned, encrypted and closed to the public', () => {
  expect(bucket).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
});

test('the name of the bucket is made of the uuid of the stack', () => {
  expect(resolver(template)(bucket.BucketName)).toBe('kittiwake-466df9e00dff08e38e2f5088487c4896');
});

test('the bucket stays when the stack goes, unless it was deployed to go', () => {
  expect(all('AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(all('AWS::S3::BucketPolicy')[0]?.[1].DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(all('Custom::S3AutoDeleteObjects')).toEqual([]);
  const going = synthesise({ destroyBucket: 'true' });
  expect(going.all('AWS::S3::Bucket')[0]?.[1].DeletionPolicy).toBe('Delete');
  expect(going.all('Custom::S3AutoDeleteObjects')).toHaveLength(1);
  expect(going.template.Outputs?.KeepsBucket?.Value).toBe('false');
});

test('a KMS key takes the place of the keys of S3, and the functions may use it', () => {
  const kmsKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11';
  const encrypted = synthesise({ kmsKeyArn });
  expect(encrypted.one('AWS::S3::Bucket').BucketEncryption).toEqual({
    ServerSideEncryptionConfiguration: [
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
      },
    ],
  });
  const policies = encrypted.all('AWS::IAM::Policy').filter(([id]) => id.includes('RoleStore'));
  expect(policies).toHaveLength(3);
  for (const [, { Properties }] of policies) {
    expect(Properties).toMatchObject({
      PolicyDocument: {
        Statement: expect.arrayContaining([
          expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: kmsKeyArn }),
        ]),
      },
    });
  }
});

interface Rule {
  Id: string;
  Prefix?: string;
  ExpirationInDays?: number;
  NoncurrentVersionExpiration?: { NoncurrentDays: number; NewerNoncurrentVersions?: number };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number };
}

const { Rules: rules } = bucket.LifecycleConfiguration as { Rules: Rule[] };
const ruleOf = (prefix: string) => rules.find(({ Prefix }) => Prefix === prefix);

test('a ledger keeps its old versions for a day, and the newest hundred', () => {
  expect(ruleOf('ledger/')).toMatchObject({
    NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 100 },
  });
  expect(ruleOf('ledger/')?.ExpirationInDays).toBeUndefined();
});

test('what is left of probes goes', () => {
  expect(ruleOf('~probe-')).toMatchObject({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
});

test('packs that were deleted stay for a week longer than ledgers, and none goes by itself', () => {
  expect(ruleOf('packs/')).toMatchObject({ NoncurrentVersionExpiration: { NoncurrentDays: 8 } });
  expect(ruleOf('packs/')?.ExpirationInDays).toBeUndefined();
});

test('uploads and copies go by themselves only after upkeep would have removed them', () => {
  expect(ruleOf('uploads/')?.ExpirationInDays).toBeGreaterThan(2);
  expect(ruleOf('raw/')?.ExpirationInDays).toBeGreaterThan(3);
  expect(rules.filter(rule => rule.ExpirationInDays !== undefined).map(rule => rule.Prefix)).toEqual([
    'wakes/',
    'uploads/',
    'raw/',
    'imports/',
  ]);
});

test('files of imports go by upkeep alone: among them is what is swapped', () => {
  expect(ruleOf('job-files/')).toMatchObject({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  expect(ruleOf('job-files/')?.ExpirationInDays).toBeUndefined();
});

test('unfinished uploads go wherever they are', () => {
  const rule = rules.find(each => each.AbortIncompleteMultipartUpload !== undefined);
  expect(rule).toMatchObject({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } });
  expect(rule?.Prefix).toBeUndefined();
});

const denied = (key: string, context: Record<string, string>, action = 's3:PutObject') =>
  isDenied(bucketStatements(template), {
    action,
    resource: `${BUCKET}/${key}`,
    context: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context },
  });

test.each([
  'ledger/0123',
  'wikis/main',
  'state/0123',
  'state/server',
  'auth/0123',
  'drafts/0123/a/b',
  `search/${'0'.repeat(32)}/current`,
])('a put of %s without a condition is refused, whoever sends it', key => {
  const creating = { 's3:ObjectCreationOperation': 'true' };
  expect(denied(key, creating)).toBe(true);
  expect(denied(key, { ...creating, 's3:if-match': 'etag' })).toBe(false);
  expect(denied(key, { ...creating, 's3:if-none-match': '*' })).toBe(false);
  expect(denied(key, { 's3:ObjectCreationOperation': 'false' })).toBe(false);
});

test('immutable objects and uploads of clients need no condition', () => {
  for (const key of ['packs/a/b.pack', 'uploads/a/b', 'raw/a/b', 'imports/a.bundle', 'search/a/index-1']) {
    expect(denied(key, { 's3:ObjectCreationOperation': 'true' })).toBe(false);
  }
});

test('requests without TLS, or with an old one, are refused', () => {
  expect(denied('packs/a', { 'aws:SecureTransport': 'false' }, 's3:GetObject')).toBe(true);
  expect(denied('packs/a', { 's3:TlsVersion': '1.1' }, 's3:GetObject')).toBe(true);
  expect(denied('packs/a', {}, 's3:GetObject')).toBe(false);
});

test('browsers may use presigned URLs from the origins that are named', () => {
  const corsOf = (uploadOrigins: string) =>
    synthesise({ uploadOrigins }).one('AWS::S3::Bucket').CorsConfiguration;
  expect(bucket.CorsConfiguration).toMatchObject({ CorsRules: [{ AllowedOrigins: ['*'] }] });
  expect(corsOf('https://a.example,https://b.example')).toMatchObject({
    CorsRules: [{ AllowedOrigins: ['https://a.example', 'https://b.example'] }],
  });
  expect(corsOf('none')).toBeUndefined();
});

test('the queues let the bucket in before it is made', () => {
  const resolve = resolver(template);
  const [[id, resource] = ['', undefined]] = all('AWS::S3::Bucket');
  for (const start of ['LedgerEventsQueuePolicy', 'ImportEventsQueuePolicy']) {
    expect(resource?.DependsOn).toContainEqual(expect.stringMatching(`^${start}`));
  }
  expect(resolve({ 'Fn::GetAtt': [id, 'Arn'] })).toBe(BUCKET);
  for (const queue of ['LedgerEventsQueue', 'ImportEventsQueue']) {
    const policy = resolve(one('AWS::SQS::QueuePolicy', queue).PolicyDocument);
    expect(policy).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Action: 'sqs:SendMessage',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: {
            ArnEquals: { 'aws:SourceArn': BUCKET },
            StringEquals: { 'aws:SourceAccount': DEPLOYED.account },
          },
        }),
      ]),
    });
  }
});
