import type { SQSBatchResponse } from 'aws-lambda';
import type { NamedWiki } from '../lazy/tenants.ts';
import type { HandlerOptions, OpenedService } from './open-service.ts';
import { deadlineOf, type ProjectContext, type RunCause, runOnce, unknownMessages } from './project-run.ts';
import { failuresOf, type Message } from './queue-event.ts';
import type { Run } from './queue-run.ts';
import { storeKey } from './queue-service.ts';

/**
 * Leads those wikis on whose ledgers were written, one after the other. Of each that fails the messages come again.
 * @returns the messages that are to come again
 */
export async function serveBatchOfMany(
  opened: OpenedService,
  messages: readonly Message[],
  context: ProjectContext,
  options: HandlerOptions,
): Promise<SQSBatchResponse> {
  const failed = unknownMessages(opened, messages);
  for (const [uuid, ids] of messagesByWiki(opened, messages)) {
    // A notice knows no name: the line of the log has the uuid.
    const cause = { ...options, scheduled: false, messages: ids.length };
    const run = await runAmong(opened, { uuid, name: uuid }, context, cause);
    if (run.projectionError !== undefined) failed.push(...ids);
  }
  return failuresOf(failed);
}

function messagesByWiki({ config }: OpenedService, messages: readonly Message[]): Map<string, string[]> {
  const wikis = new Map<string, string[]>();
  for (const { id, written = [] } of messages) {
    for (const object of written) {
      const uuid = /^ledger\/([0-9a-f]{32})$/.exec(storeKey(config, object) ?? '')?.[1];
      const ids = uuid === undefined ? undefined : (wikis.get(uuid) ?? []);
      if (uuid === undefined || ids === undefined) continue;
      if (!ids.includes(id)) ids.push(id);
      wikis.set(uuid, ids);
    }
  }
  return wikis;
}

/**
 * Leads all wikis on and does their upkeep, as many as there is time for; then removes those that were deleted for good. It begins
 * somewhere, so that each has its turn although the time is not enough for all.
 */
export async function runAll(
  opened: OpenedService,
  context: ProjectContext,
  options: HandlerOptions,
): Promise<{ error: unknown }> {
  const { service, log } = opened;
  const { runtime } = options;
  const deadlineMs = deadlineOf(context, runtime);
  const admin = (await service.tenants())('upkeep');
  const names: NamedWiki[] = [];
  for await (const { name, uuid, state } of admin.all()) {
    if (state === 'active' || state === 'suspended') names.push({ name, uuid });
  }
  const start = Math.floor(runtime.random() * names.length);
  let error: unknown;
  for (const wiki of [...names.slice(start), ...names.slice(0, start)]) {
    if (runtime.now() > deadlineMs) break;
    const run = await runAmong(opened, wiki, context, { ...options, scheduled: true, messages: 0 });
    error ??= run.error;
  }
  if (runtime.now() > deadlineMs) return { error };
  try {
    for await (const swept of admin.sweep()) log.info('tenant_swept', { ...swept });
  } catch (failure) {
    log.failure('projection_failed', failure, { step: 'tenants' });
    error ??= failure;
  }
  return { error };
}

async function runAmong(
  opened: OpenedService,
  wiki: NamedWiki,
  context: ProjectContext,
  cause: RunCause,
): Promise<Run> {
  const { handles, release } = (await opened.service.wikis()).lease(wiki);
  try {
    const among = { wiki: handles.handles, name: wiki.name };
    return await runOnce(opened, context, { ...cause, among });
  } finally {
    release();
  }
}
