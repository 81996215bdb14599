import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { WikiDashboard } from './dashboard.ts';
import { EventQueue, type WikiQueues } from './event-queue.ts';
import { FrontDoor } from './front-door.ts';
import { originSecretsOf } from './origin-secret.ts';
import { writeOutputs } from './outputs.ts';
import { PublishedSite } from './published-site.ts';
import type { StackContext } from './read-context.ts';
import { runBySchedule } from './schedule.ts';
import { bucketNameOf, stackUuid, WikiBucket } from './wiki-bucket.ts';
import { WikiFunctions } from './wiki-functions.ts';

export interface WikiStackProps extends StackProps {
  context: StackContext;
  /** Holds a folder for each function: `api`, `project` and `import`, each with its `index.mjs`. */
  functionsFolder: string;
}

/** One wiki: its bucket, its functions, and what stands between and around them. */
export class WikiStack extends Stack {
  constructor(scope: Construct, id: string, { context, functionsFolder, ...props }: WikiStackProps) {
    super(scope, id, { description: 'Kittiwake: a wiki', ...props });
    const uuid = context.wiki ?? stackUuid(this);
    const { bucket, queues } = storeOf(this, context);
    const originSecret = originSecretsOf(this, context);
    const functions = new WikiFunctions(this, 'Functions', {
      context,
      bucket,
      uuid,
      functionsFolder,
      originSecret,
    });
    queues.ledger.deliverTo(functions.project.function);
    queues.imports.deliverTo(functions.import.function);
    runBySchedule(this, functions.project.function);
    const door = new FrontDoor(this, 'FrontDoor', {
      target: functions.api.function,
      context,
      originSecret: originSecret?.current,
    });
    const site = context.site ? new PublishedSite(this, 'Site', { bucket, uuid }) : undefined;
    site?.followedBy(functions.project.function, context);
    new Alarms(this, 'Alarms', { context, functions, queues });
    new WikiDashboard(this, 'Dashboard', { functions, queues });
    writeOutputs(this, { context, uuid, bucket, functions, door, site });
  }
}

function storeOf(stack: Stack, context: StackContext): { bucket: WikiBucket['bucket']; queues: WikiQueues } {
  const name = bucketNameOf(stackUuid(stack));
  const bucketArn = stack.formatArn({ service: 's3', region: '', account: '', resource: name });
  const ledger = new EventQueue(stack, 'LedgerEvents', {
    bucketArn,
    timeoutSeconds: context.projectTimeout,
    // Two runs at a time may make others wait, which counts as a delivery.
    maxReceiveCount: 5,
    // One run does the work of all messages.
    batchSize: 100,
    windowSeconds: 5,
  });
  const imports = new EventQueue(stack, 'ImportEvents', {
    bucketArn,
    timeoutSeconds: context.importTimeout,
    maxReceiveCount: 3,
    batchSize: 1,
    windowSeconds: 0,
  });
  const { bucket } = new WikiBucket(stack, 'Store', {
    name,
    context,
    notifications: [
      { prefix: 'ledger/', queue: ledger.queue },
      // The suffix leaves out the results, which lie beside what was imported.
      { prefix: 'imports/', suffix: '.bundle', queue: imports.queue },
      { prefix: 'wakes/', queue: imports.queue },
    ],
  });
  return { bucket, queues: { ledger, imports } };
}
