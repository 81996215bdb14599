import type { Context } from 'aws-lambda';
import type { HandlerOptions, OpenedService } from './open-service.ts';
import type { Message } from './queue-event.ts';
import { type ProjectedWiki, type Run, runProjections } from './queue-run.ts';
import { memoryBytes } from './queue-service.ts';

export type ProjectContext = Pick<Context, 'getRemainingTimeInMillis' | 'memoryLimitInMB'> &
  Partial<Pick<Context, 'awsRequestId'>>;

export interface RunCause extends HandlerOptions {
  scheduled: boolean;
  messages: number;
  /** One of many wikis. Absent: the wiki of the service. */
  among?: { wiki: ProjectedWiki; name: string };
}

/** What is kept back of the function's time for the batch that is under way, and for the answer. */
const RESERVE_MS = 5_000;

/** Leads one wiki on, and writes one line of the log that tells of it. */
export async function runOnce(
  { service, log }: OpenedService,
  context: ProjectContext,
  { runtime, scheduled, messages, among }: RunCause,
): Promise<Run> {
  const deadlineMs = deadlineOf(context, runtime);
  // What is merged is in memory twice, and other things are, too.
  const maxMergeBytes = Math.min(256 << 20, memoryBytes(context) / 6);
  const wiki = among?.wiki ?? service;
  return service.observe('projections', async tell => {
    const run = await runProjections(wiki, { runtime, log, deadlineMs, scheduled, maxMergeBytes });
    const cause = scheduled ? 'schedule' : 'queue';
    const named = among === undefined ? {} : { wiki: among.name };
    tell(
      { ...named, cause, messages, ...run.counts },
      { isFailure: run.error !== undefined, more: run.metrics },
    );
    return run;
  });
}

/** Those that are no notices of S3; they are to be set aside. */
export function unknownMessages({ log }: Pick<OpenedService, 'log'>, messages: readonly Message[]): string[] {
  const unknown = messages.filter(({ written }) => written === undefined).map(({ id }) => id);
  for (const message of unknown) log.error('message_unknown', { message_id: message });
  return unknown;
}

/** When to begin nothing more, in runtime milliseconds. */
export function deadlineOf(context: ProjectContext, runtime: HandlerOptions['runtime']): number {
  return runtime.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
}
