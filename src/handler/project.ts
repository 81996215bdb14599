import type { SQSBatchResponse } from 'aws-lambda';
import { systemRuntime } from '../core/runtime.ts';
import { eventUnknown } from './errors.ts';
import type { HandlerOptions, OpenedService } from './open-service.ts';
import { type ProjectContext, runOnce, unknownMessages } from './project-run.ts';
import { runAll, serveBatchOfMany } from './project-wikis.ts';
import { failuresOf, isQueueEvent, isSchedule, type Message, messagesOf } from './queue-event.ts';
import { queueService, storeKey } from './queue-service.ts';
import { writeLine } from './write-line.ts';

export type ProjectHandler = (
  event: unknown,
  context: ProjectContext,
) => Promise<SQSBatchResponse | undefined>;

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
    const isOne = opened.config.tenants.kind === 'none';
    if (isQueueEvent(event)) {
      const serve = isOne ? serveBatch : serveBatchOfMany;
      return await serve(opened, messagesOf(event), context, options);
    }
    const { error } = isOne
      ? await runOnce(opened, context, { ...options, scheduled, messages: 0 })
      : await runAll(opened, context, options);
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
  const failed = unknownMessages(opened, messages);
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

export const handler: ProjectHandler = createProjectHandler({
  env: process.env,
  runtime: systemRuntime,
  write: writeLine,
});
