import { Fn, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SWAPPED } from './keys.ts';
import { LIFECYCLE } from './lifecycle.ts';
import type { StackContext } from './read-context.ts';

/** Objects whose creation is told to a queue. */
export interface Notification {
  prefix: string;
  suffix?: string;
  queue: Queue;
}

export interface WikiBucketProps {
  /** Of the bucket to be: queues must let it in before it is there. */
  name: string;
  context: Pick<StackContext, 'kmsKeyArn' | 'uploadOrigins' | 'destroyBucket'>;
  notifications: readonly Notification[];
}

/** A first deployment that fails leaves no empty bucket behind. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** The name of the bucket of a stack: made of the stack's own uuid, so that it is known before the bucket is there. */
export function bucketNameOf(stackUuid: string): string {
  return Fn.join('-', ['kittiwake', stackUuid]);
}

/** Where a wiki lives: versioned, encrypted, reached over TLS only, by nobody from outside. */
export class WikiBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { name, context, notifications }: WikiBucketProps) {
    super(scope, id);
    const keeps = !context.destroyBucket;
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: name,
      versioned: true,
      ...this.#encryption(context.kmsKeyArn),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: LIFECYCLE,
      cors: corsFor(context.uploadOrigins),
      removalPolicy: keeps ? KEPT : RemovalPolicy.DESTROY,
      autoDeleteObjects: !keeps,
    });
    this.bucket.addToResourcePolicy(refuseUnconditional(this.bucket));
    // A bucket that stays is as well protected as before.
    if (keeps) this.bucket.policy?.applyRemovalPolicy(KEPT);
    this.#notify(notifications);
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs would hold the key of every object in a second bucket without an end; the functions log each request, and CloudTrail data events can be switched on where more is asked for.',
    });
  }

  #encryption(
    kmsKeyArn: string | undefined,
  ): Pick<BucketProps, 'encryption' | 'encryptionKey' | 'bucketKeyEnabled'> {
    if (kmsKeyArn === undefined) return { encryption: BucketEncryption.S3_MANAGED };
    return {
      encryption: BucketEncryption.KMS,
      encryptionKey: Key.fromKeyArn(this, 'Key', kmsKeyArn),
      bucketKeyEnabled: true,
    };
  }

  /**
   * As part of the bucket itself: the construct's own way is a function with the right to change every bucket's
   * notifications. S3 asks the queue when the bucket is made, so the queue's policy comes first.
   */
  #notify(notifications: readonly Notification[]): void {
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: notifications.map(({ prefix, suffix, queue }) => ({
        event: 's3:ObjectCreated:*',
        queue: queue.queueArn,
        filter: { s3Key: { rules: filterRules(prefix, suffix) } },
      })),
    };
    for (const { queue } of notifications) resource.node.addDependency(queue);
  }
}

function filterRules(prefix: string, suffix: string | undefined): { name: string; value: string }[] {
  const rules = [{ name: 'prefix', value: prefix }];
  return suffix === undefined ? rules : [...rules, { name: 'suffix', value: suffix }];
}

function corsFor(origins: readonly string[]): NonNullable<BucketProps['cors']> {
  if (origins.length === 0) return [];
  return [
    {
      allowedOrigins: [...origins],
      allowedMethods: [HttpMethods.PUT, HttpMethods.GET, HttpMethods.HEAD],
      allowedHeaders: ['*'],
      exposedHeaders: ['ETag'],
      maxAge: 3600,
    },
  ];
}

/**
 * Whoever writes a ledger says which one is replaced, or that none is: a put without a condition is refused. The parts
 * of an upload have none, they create no object:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function refuseUnconditional(bucket: Bucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'RefuseUnconditionalWrites',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: SWAPPED.map(pattern => bucket.arnForObjects(pattern)),
    conditions: {
      Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    },
  });
}

/** 32 hex digits that no other stack has: those of the stack's own id. */
export function stackUuid(stack: Stack): string {
  const uuid = Fn.select(2, Fn.split('/', stack.stackId));
  return Fn.join('', Fn.split('-', uuid));
}
