import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface EventQueueProps {
  bucketArn: string;
  /** The timeout of the function that reads the queue, in seconds. */
  timeoutSeconds: number;
  /** Deliveries before a message goes to the dead letters. */
  maxReceiveCount: number;
  /** Messages that the function gets at once, at most. */
  batchSize: number;
  /** How long a batch may gather. */
  windowSeconds: number;
}

const KEPT = Duration.days(14);

/** S3 events on their way to a function, and those that it failed on as often as it may. */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #props: EventQueueProps;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    this.#props = props;
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: KEPT };
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // Six times the timeout of the function, as AWS asks for, and the longest time that a batch gathers.
      visibilityTimeout: Duration.seconds(6 * props.timeoutSeconds + props.windowSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: {
          ArnEquals: { 'aws:SourceArn': props.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
  }

  /** Lets the function take messages; of a batch, only those that it names come back. */
  deliverTo(target: IFunction): void {
    const { batchSize, windowSeconds } = this.#props;
    target.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        maxBatchingWindow: Duration.seconds(windowSeconds),
        reportBatchItemFailures: true,
        // The least there is. What runs at once contends for one ledger, and gains nothing by being more.
        maxConcurrency: 2,
      }),
    );
  }
}

/** The queues between a bucket and its functions. */
export interface WikiQueues {
  ledger: EventQueue;
  imports: EventQueue;
}
