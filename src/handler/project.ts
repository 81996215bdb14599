import type { Context, SQSBatchResponse } from 'aws-lambda';
import { systemRuntime } from '../core/runtime.ts';
import { eventUnknown } from './errors.ts';
import type { HandlerOptions, OpenedService } from './open-service.ts';
import { failuresOf, isQueueEvent, isSchedule, type Message, messagesOf } from './queue-event.ts';
import { type Run, runProjections } from './queue-run.ts';
import { memoryBytes, queueService, storeKey } from './queue-service.ts';
import { writeLine } from './write-line.ts';

export type ProjectContext = Pick<Context, 'getRemainingTimeInMillis' | 'memoryLimitInMB'> &
  Partial<Pick<Context, 'awsRequestId'>>;
export type ProjectHandler = (
  event: unknown,
  context: ProjectContext,
) => Promise<SQSBatchResponse | undefined>;

/** What is kept back of the function's time for the batch that is under way, and for the answer. */
const RESERVE_MS = 5_000;

/**
 * Projections and upkeep as a Lambda function. Notices of S3 that the ledger was written come through a queue, at least once and in
 * any order: one run serves all of a batch, and those that are no notices fail alone. The schedule heals notices that were lost, and
 * does the upkeep. Nothing is read before the first event.
 */
export function createProjectHandler(options: HandlerOptions): ProjectHandler {
  const open = queueService('project', options);
  return async (event, context) => {
    const scheduled = isSchedule(event);
    if (!scheduled && !isQueueEvent(event)) throw eventUnknown();
    const opened = open(context);
    if (isQueueEvent(event)) return await serveBatch(opened, messagesOf(event), context, options);
    const { error } = await runOnce(opened, context, { ...options, scheduled, messages: 0 });
    if (error !== undefined) throw error;
    return undefined;
  };
}

/** @returns the messages that are to come again */
async function serveBatch(
  opened: OpenedService,
  messages: readonly Message[],
  context: ProjectContext,
  options: HandlerOptions,
): Promise<SQSBatchResponse> {
  const failed = messages.filter(({ written }) => written === undefined).map(({ id }) => id);
  for (const message of failed) opened.log.error('message_unknown', { message_id: message });
  const asking = await askingMessages(opened, messages);
  if (asking.length > 0) {
    const run = await runOnce(opened, context, { ...options, scheduled: false, messages: asking.length });
    if (run.projectionError !== undefined) failed.push(...asking);
  }
  return failuresOf(failed);
}

/** Those that tell of this wiki's ledger. */
async function askingMessages(
  { service, config, log }: OpenedService,
  messages: readonly Message[],
): Promise<string[]> {
  const ledger = `ledger/${await service.wikiId()}`;
  return messages.flatMap(({ id, written }) => {
    const asks = (written ?? []).some(object => storeKey(config, object) === ledger);
    if (!asks && written !== undefined) log.debug('message_ignored', { message_id: id });
    return asks ? [id] : [];
  });
}

interface RunCause extends HandlerOptions {
  scheduled: boolean;
  messages: number;
}

async function runOnce(
  { service, log }: OpenedService,
  context: ProjectContext,
  { runtime, scheduled, messages }: RunCause,
): Promise<Run> {
  const deadlineMs = runtime.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  // What is merged is in memory twice, and other things are, too.
  const maxMergeBytes = Math.min(256 << 20, memoryBytes(context) / 6);
  return service.observe('projections', async tell => {
    const run = await runProjections(service, { runtime, log, deadlineMs, scheduled, maxMergeBytes });
    const cause = scheduled ? 'schedule' : 'queue';
    tell({ cause, messages, ...run.counts }, { isFailure: run.error !== undefined });
    return run;
  });
}

export const handler: ProjectHandler = createProjectHandler({
  env: process.env,
  runtime: systemRuntime,
  write: writeLine,
});
