import { Stack } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { WikiQueues } from './event-queue.ts';
import { lostMetric } from './lost-objects.ts';
import { EVERY_FIVE_MINUTES } from './metrics.ts';
import type { WikiFunction } from './wiki-function.ts';
import type { WikiFunctions } from './wiki-functions.ts';

export interface WikiDashboardProps {
  functions: WikiFunctions;
  queues: WikiQueues;
}

/** A third of the width of a dashboard. */
const SIZE = { width: 8, height: 6 } as const;

const MAXIMUM = { ...EVERY_FIVE_MINUTES, statistic: 'Maximum' } as const;

/** How the wiki fares, on one page: waking up, writing, what follows from writes, imports, and what fails. */
export class WikiDashboard extends Construct {
  constructor(scope: Construct, id: string, props: WikiDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${Stack.of(this).stackName}-${Stack.of(this).region}`,
      widgets: [
        ...[wakingUp(props), writing(props), calling(props), following(props)],
        ...[importing(props), failing(props)],
      ],
    });
  }
}

function wakingUp({ functions }: WikiDashboardProps): IWidget[] {
  return [
    graph('Requests and cold starts', [functions.apiMetric('Requests'), functions.apiMetric('ColdStart')]),
    graph('Init, ms', [
      functions.apiMetric('InitMs', { statistic: 'p50' }),
      functions.apiMetric('InitMs', { statistic: 'p99' }),
    ]),
    new LogQueryWidget({
      ...SIZE,
      title: 'Init and first answer as Lambda reports them, ms',
      logGroupNames: [functions.api.logs.logGroupName],
      view: LogQueryVisualizationType.TABLE,
      queryLines: [
        'filter @type = "REPORT" and ispresent(@initDuration)',
        'stats count() as cold, pct(@initDuration, 50) as init50, pct(@initDuration, 90) as init90, pct(@initDuration, 99) as init99, pct(@duration, 50) as first50, pct(@duration, 99) as first99 by bin(1h)',
      ],
    }),
  ];
}

function writing({ functions }: WikiDashboardProps): IWidget[] {
  const conflicts = (['Conflicts', 'Retries', 'UnknownOutcomes'] as const).map(name =>
    functions.apiMetric(name),
  );
  const { function: api } = functions.api;
  return [
    graph('Conflicts, retries, unknown outcomes', conflicts),
    graph('Requests to S3: all, and one after another', [
      functions.apiMetric('StorageRequests', { statistic: 'Average' }),
      functions.apiMetric('StorageSequence', { statistic: 'Average' }),
      functions.apiMetric('StorageConnects', { statistic: 'Average' }),
    ]),
    graph('Duration, ms', [
      api.metricDuration({ ...EVERY_FIVE_MINUTES, statistic: 'p50' }),
      api.metricDuration({ ...EVERY_FIVE_MINUTES, statistic: 'p99' }),
    ]),
  ];
}

/** Git and language models are counted from the log. */
function calling({ functions }: WikiDashboardProps): IWidget[] {
  const table = (title: string, of: WikiFunction[], queryLines: string[]) =>
    new LogQueryWidget({
      ...SIZE,
      title,
      logGroupNames: of.map(({ logs }) => logs.logGroupName),
      view: LogQueryVisualizationType.TABLE,
      queryLines,
    });
  return [
    table(
      'Fetches, pushes and calls of MCP, by status',
      [functions.api],
      [
        'filter event = "request" and route in ["gitUploadPack", "gitReceivePack", "mcp"]',
        'stats count() as requests, pct(ms, 50) as ms50, pct(ms, 99) as ms99 by route, status',
      ],
    ),
    table(
      'Pushes that landed, and what was refused',
      [functions.api, functions.import],
      [
        'filter event in ["git_pushed", "git_refused", "git_failed"]',
        'stats count() as pushes by event, code, bin(1h)',
      ],
    ),
    graph('Remotes that fail, runs that failed, conflicts', [
      functions.projectMetric('RemotesFailing', { statistic: 'Maximum' }),
      functions.projectMetric('RemoteFailures'),
      functions.projectMetric('RemoteConflicts'),
    ]),
  ];
}

function following({ functions }: WikiDashboardProps): IWidget[] {
  const { function: project } = functions.project;
  const maximum = { statistic: 'Maximum' };
  return [
    graph('Age of the oldest commit that something has not followed, s', [
      functions.projectMetric('ProjectionLagSeconds', maximum),
    ]),
    graph('Set aside, and messages given up', [
      functions.projectMetric('SetAside', maximum),
      functions.projectMetric('DeadMessages'),
    ]),
    graph('Runs of projections, ms', [
      project.metricDuration({ ...EVERY_FIVE_MINUTES, statistic: 'p50' }),
      project.metricDuration({ ...EVERY_FIVE_MINUTES, statistic: 'p99' }),
    ]),
  ];
}

function importing({ functions }: WikiDashboardProps): IWidget[] {
  const maximum = { statistic: 'Maximum' };
  return [
    graph('Imports that wait, that run, and that failed', [
      functions.projectMetric('ImportsQueued', maximum),
      functions.projectMetric('ImportsRunning', maximum),
      functions.importMetric('ImportsFailed'),
      functions.importMetric('ImportsRefused'),
    ]),
    graph('Rows of imports, a second; age of the oldest one, s', [
      functions.importMetric('ImportRowsPerSecond', { statistic: 'Average' }),
      functions.projectMetric('ImportAgeSeconds', maximum),
    ]),
    graph('Memory and temporary files of imports, bytes', [
      functions.importMetric('ImportPeakMemory', maximum),
      functions.importMetric('ImportScratchBytes', maximum),
    ]),
  ];
}

function failing(props: WikiDashboardProps): IWidget[] {
  const { functions, queues } = props;
  const all = functions.byName().map(([, each]) => each.function);
  return [
    graph('Errors and throttles', [
      ...all.map(each => each.metricErrors(EVERY_FIVE_MINUTES)),
      functions.api.function.metricThrottles(EVERY_FIVE_MINUTES),
      functions.apiMetric('ServerErrors'),
    ]),
    graph('Age of the oldest event, s', [
      queues.ledger.queue.metricApproximateAgeOfOldestMessage(MAXIMUM),
      queues.imports.queue.metricApproximateAgeOfOldestMessage(MAXIMUM),
    ]),
    graph('Dead letters and lost objects', [
      queues.ledger.deadLetters.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      queues.imports.deadLetters.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      lostMetric(functions),
    ]),
  ];
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ ...SIZE, title, left });
}
