import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import type { WikiQueues } from './event-queue.ts';
import { LostObjects, lostMetric } from './lost-objects.ts';
import { EVERY_FIVE_MINUTES } from './metrics.ts';
import type { StackContext } from './read-context.ts';
import type { WikiFunctions } from './wiki-functions.ts';

export interface AlarmsProps {
  context: StackContext;
  functions: WikiFunctions;
  queues: WikiQueues;
}

interface Wanted {
  metric: IMetric;
  /** The alarm is raised at this value. */
  threshold: number;
  description: string;
  /** Periods in a row. Default: one. */
  periods?: number;
}

/** Of what a function may have. */
const FULL = 0.8;
const MEBIBYTE = 1024 ** 2;

const MAX_LAG = Duration.minutes(30);

/** What somebody must look at. */
export class Alarms extends Construct {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { context, functions, queues }: AlarmsProps) {
    super(scope, id);
    const { alarmEmail } = context;
    this.#topic = alarmEmail === undefined ? undefined : new AlarmTopic(this, 'Topic', { alarmEmail }).topic;
    this.#watchFunctions(functions);
    this.#watchQueue('ledger', queues.ledger, { maxAge: Duration.minutes(30) });
    this.#watchQueue('import', queues.imports, { maxAge: Duration.hours(6) });
    new LostObjects(this, 'LostObjects', { functions });
    this.#add('lost', {
      metric: lostMetric(functions),
      threshold: 1,
      description:
        'Something that was stored is gone or cannot be read: see "Backup and restore" in docs/deploy.md',
    });
    if (context.metrics !== 'emf') return;
    this.#watchRequests(functions);
    this.#watchProjections(functions);
    this.#watchImports(functions, context);
    this.#watchRemotes(functions);
  }

  #watchFunctions(functions: WikiFunctions): void {
    for (const [name, { function: target }] of functions.byName()) {
      this.#add(`${name}-errors`, {
        metric: target.metricErrors(EVERY_FIVE_MINUTES),
        threshold: 1,
        description: `The ${name} function failed: it threw, ran out of time or out of memory`,
      });
      this.#add(`${name}-throttles`, {
        metric: target.metricThrottles(EVERY_FIVE_MINUTES),
        threshold: 1,
        periods: 3,
        description: `Calls of the ${name} function are turned away for a quarter of an hour: too many at once`,
      });
    }
  }

  #watchQueue(
    name: string,
    { queue, deadLetters }: WikiQueues['ledger'],
    { maxAge }: { maxAge: Duration },
  ): void {
    this.#add(`${name}-dead-letters`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        ...EVERY_FIVE_MINUTES,
        statistic: 'Maximum',
      }),
      threshold: 1,
      description: `Events that could not be handled: queue ${deadLetters.node.path}`,
    });
    this.#add(`${name}-queue-age`, {
      metric: queue.metricApproximateAgeOfOldestMessage({ ...EVERY_FIVE_MINUTES, statistic: 'Maximum' }),
      threshold: maxAge.toSeconds(),
      description: `Events wait for more than ${maxAge.toHumanString()}: queue ${queue.node.path}`,
    });
  }

  #watchRequests(functions: WikiFunctions): void {
    this.#add('server-errors', {
      metric: functions.apiMetric('ServerErrors'),
      threshold: 5,
      description: 'Requests are answered 500 or higher; the log has a line with a code for each',
    });
    this.#add('unknown-outcomes', {
      metric: functions.apiMetric('UnknownOutcomes'),
      threshold: 5,
      description: 'Several writes whose outcome S3 did not tell; each is settled, yet this is not usual',
    });
    this.#add('conflicts', {
      metric: functions.apiMetric('Conflicts'),
      threshold: 300,
      periods: 3,
      description: 'One lost swap a second for a quarter of an hour: more writers than one ledger can take',
    });
  }

  #watchProjections(functions: WikiFunctions): void {
    const maximum = { statistic: 'Maximum' };
    this.#add('projection-lag', {
      metric: functions.projectMetric('ProjectionLagSeconds', maximum),
      threshold: MAX_LAG.toSeconds(),
      periods: 2,
      description: `Something that follows from commits is behind by more than ${MAX_LAG.toHumanString()}: see "What follows from commits" in docs/deploy.md`,
    });
    this.#add('set-aside', {
      metric: functions.projectMetric('SetAside', maximum),
      threshold: 1,
      periods: 12,
      description: 'For an hour, pages or events are set aside: "kittiwake project status" lists them',
    });
    this.#add('dead-messages', {
      metric: functions.projectMetric('DeadMessages'),
      threshold: 1,
      description: 'Mails or calls of webhooks were given up after the last of their attempts',
    });
  }

  #watchImports(
    functions: WikiFunctions,
    { importAlarmHours, importMemory, importStorage }: StackContext,
  ): void {
    const maximum = { statistic: 'Maximum' };
    this.#add('import-age', {
      metric: functions.projectMetric('ImportAgeSeconds', maximum),
      threshold: Duration.hours(importAlarmHours).toSeconds(),
      description: `An import has not ended for ${importAlarmHours} hours: see "An import takes too long" in docs/operations.md`,
    });
    this.#add('import-failed', {
      metric: functions.importMetric('ImportsFailed'),
      threshold: 3,
      periods: 2,
      description:
        'Runs of imports are interrupted again and again, or an import was given up: see "An import fails" in docs/operations.md',
    });
    this.#add('import-memory', {
      metric: functions.importMetric('ImportPeakMemory', maximum),
      threshold: FULL * importMemory * MEBIBYTE,
      description: 'An import had more than 80 % of the memory of its function (importMemory)',
    });
    this.#add('import-scratch', {
      metric: functions.importMetric('ImportScratchBytes', maximum),
      threshold: FULL * importStorage * MEBIBYTE,
      description:
        'An import had more than 80 % of the temporary files that its function may have (importStorage)',
    });
  }

  #watchRemotes(functions: WikiFunctions): void {
    this.#add('remotes-failing', {
      metric: functions.projectMetric('RemotesFailing', { statistic: 'Maximum', period: Duration.hours(1) }),
      threshold: 1,
      periods: 6,
      description: `A remote fails again and again, for six hours: see "A remote fails" in docs/operations.md`,
    });
  }

  #add(id: string, { metric, threshold, description, periods = 1 }: Wanted): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: description,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.#topic !== undefined) alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}
