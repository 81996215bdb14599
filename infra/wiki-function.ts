import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StackContext } from './read-context.ts';
import { grantStoreAccess, type StoreAccess } from './store-access.ts';

export interface WikiFunctionProps {
  context: StackContext;
  bucket: Bucket;
  uuid: string;
  /** Default: it may not touch the bucket. */
  access?: StoreAccess;
  /** Holds `index.mjs` and what it needs. */
  folder: string;
  description: string;
  /** Default `index.handler`. */
  handler?: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  storageMegabytes: number;
  /** Default: that of the account. */
  reservedConcurrency?: number | undefined;
  /** Besides what every function gets. */
  environment?: Readonly<Record<string, string>>;
}

/** A function with a role and a log group of its own, and no right but those that it is given here. */
export class WikiFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: WikiFunctionProps) {
    super(scope, id);
    const { context } = props;
    this.logs = new LogGroup(this, 'Logs', {
      retention: context.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logs.grantWrite(role);
    if (props.access) grantStoreAccess(role, props.bucket, props.access);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: context.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      handler: props.handler ?? 'index.handler',
      code: Code.fromAsset(props.folder),
      role,
      logGroup: this.logs,
      // The function writes JSON itself. As text, the platform's own lines stay those that tools read.
      loggingFormat: LoggingFormat.TEXT,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes,
      ephemeralStorageSize: Size.mebibytes(props.storageMegabytes),
      tracing: context.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: { ...commonEnvironment(props), ...props.environment },
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    if (context.tracing) this.#explainTracing(role);
  }

  #explainTracing(role: Role): void {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Traces belong to no resource: xray:PutTraceSegments and xray:PutTelemetryRecords know only "*".',
    });
  }
}

/** Documented in src/core/settings.ts. */
function commonEnvironment({ context, bucket, uuid }: WikiFunctionProps): Record<string, string> {
  return {
    KITTIWAKE_STORE: `s3://${bucket.bucketName}`,
    KITTIWAKE_WIKI: uuid,
    KITTIWAKE_DATA: '/tmp/kittiwake',
    KITTIWAKE_METRICS: context.metrics,
    KITTIWAKE_TRACING: String(context.tracing),
    KITTIWAKE_LOG_LEVEL: context.logLevel,
  };
}
