import { type DeployedNames, resolver, type Template } from '../../support/cloudformation.ts';
import type { EnvironmentPool } from '../../support/lambda/environment-pool.ts';
import { type S3Change, s3Event } from '../../support/lambda/events.ts';
import { Queue, type QueueOptions } from '../../support/lambda/queue.ts';

/** A queue of the template, and the function that it feeds. */
export interface WiredQueue {
  arn: string;
  /** Logical id. */
  functionId: string;
  queue: Queue;
}

interface Mapping {
  BatchSize: number;
  EventSourceArn: string;
  FunctionName: string;
  FunctionResponseTypes?: string[];
  ScalingConfig: { MaximumConcurrency: number };
}

interface Notification {
  Event: string;
  Queue: string;
  Filter: { S3Key: { Rules: { Name: string; Value: string }[] } };
}

/** How a message that failed comes back at once, and whether any is received from the start. */
export type QueueManners = Pick<QueueOptions, 'retryDelayMs' | 'first' | 'isEnabled'>;

/** The queues that the template puts before functions, with its numbers. `manners` may shorten what would only be waited for. */
export function wireQueues(
  template: Template,
  names: DeployedNames,
  pools: ReadonlyMap<string, EnvironmentPool>,
  manners: QueueManners = {},
): WiredQueue[] {
  const resolve = resolver(template, names);
  const queues = new Map(
    all(template, 'AWS::SQS::Queue').map(([id, properties]) => [
      resolve({ 'Fn::GetAtt': [id, 'Arn'] }),
      resolve(properties) as { VisibilityTimeout?: number; RedrivePolicy?: { maxReceiveCount: number } },
    ]),
  );
  return all(template, 'AWS::Lambda::EventSourceMapping').map(([, properties]) => {
    const mapping = resolve(properties) as Mapping;
    const pool = pools.get(mapping.FunctionName);
    if (pool === undefined) throw new Error(`no function is "${mapping.FunctionName}"`);
    const { VisibilityTimeout = 30, RedrivePolicy } = queues.get(mapping.EventSourceArn) ?? {};
    const queue = new Queue({
      invoke: event => pool.invoke(event),
      batchSize: mapping.BatchSize,
      visibilityTimeoutMs: VisibilityTimeout * 1000,
      maxReceiveCount: RedrivePolicy?.maxReceiveCount ?? Number.POSITIVE_INFINITY,
      maxConcurrency: mapping.ScalingConfig.MaximumConcurrency,
      reportsItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      ...manners,
    });
    return { arn: mapping.EventSourceArn, functionId: mapping.FunctionName, queue };
  });
}

/** Sends what S3 would send of a change; tells to how many queues. */
export function notifyQueues(
  template: Template,
  names: DeployedNames,
  queues: readonly WiredQueue[],
  change: S3Change,
): number {
  const resolve = resolver(template, names);
  const [[, bucket] = ['', {}]] = all(template, 'AWS::S3::Bucket');
  const { QueueConfigurations } = resolve(bucket.NotificationConfiguration) as {
    QueueConfigurations: Notification[];
  };
  const { eventName = 'ObjectCreated:Put', key } = change;
  const asked = QueueConfigurations.filter(each => isMeant(each, `s3:${eventName}`, key));
  for (const { Queue: arn } of asked) {
    const target = queues.find(each => each.arn === arn);
    if (target === undefined) throw new Error(`no function reads the queue "${arn}"`);
    target.queue.send(JSON.stringify(s3Event([change])));
  }
  return asked.length;
}

function isMeant({ Event, Filter }: Notification, event: string, key: string): boolean {
  const isKind = Event.endsWith('*') ? event.startsWith(Event.slice(0, -1)) : event === Event;
  return (
    isKind &&
    Filter.S3Key.Rules.every(({ Name, Value }) =>
      Name.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
    )
  );
}

function all(
  template: Template,
  type: string,
): [id: string, properties: Readonly<Record<string, unknown>>][] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties]);
}
