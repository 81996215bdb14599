import type { Runtime } from '../../core/runtime.ts';
import { cursorOf } from '../catch-up.ts';
import { projectionLate } from '../errors.ts';
import type { EventReader } from '../event/event-reader.ts';
import { findEvent } from '../event/find-event.ts';
import { followEvents, skipToHead } from '../event/follow-events.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Send } from '../outbox/sending.ts';
import type { Counts, ProjectionRun, RunnableProjection } from '../runnable.ts';
import { conditionOf } from '../state/projection-state.ts';
import type { StateDocument } from '../state/state-document.ts';
import type { WebhookDefinitions } from './definitions.ts';
import { messagesOf } from './message.ts';
import type { PostOptions } from './post.ts';
import { createSend } from './send-webhook.ts';
import type { Webhook } from './webhook.ts';

const NAME = 'webhooks';

export interface WebhookProjectionOptions {
  state: StateDocument<null>;
  definitions: WebhookDefinitions;
  outbox: Outbox;
  events: EventReader;
  /** Uuid of the wiki. */
  wiki: string;
  runtime: Runtime;
  /** Read when something is to be sent. */
  posting(): Promise<PostOptions>;
  onError?(error: unknown): void;
}

/** Tells webhooks what commits did. Rebuilt, it sends nothing again: what was not told by then is skipped. */
export function createWebhookProjection(options: WebhookProjectionOptions): RunnableProjection {
  const { state, outbox } = options;
  return {
    name: NAME,
    condition: async () => conditionOf(await state.read()),
    async run(run) {
      // What waits already goes out whatever keeps later events from being taken in.
      const [followed] = await Promise.allSettled([follow(options, run)]);
      const delivered = await deliver(options, run);
      if (followed.status === 'rejected') throw followed.reason;
      return { ...followed.value, ...delivered };
    },
    rebuild: run => skipToHead(state, run),
    sweep: async () => ({ forgotten: await outbox.sweep() }),
  };
}

async function follow(options: WebhookProjectionOptions, run: ProjectionRun): Promise<Counts> {
  const { state, definitions, outbox, events, runtime } = options;
  if (await isTold(options, run)) return {};
  return await followEvents(
    {
      name: NAME,
      state,
      events,
      runtime,
      async take(told, view) {
        await outbox.enqueue(messagesOf(told, await notAhead(definitions, view.ordinal)));
        return [];
      },
    },
    run,
  );
}

/**
 * Goes to the newest commit, reading none, where there is nobody to tell. A webhook that is defined after they were asked for is told
 * of later commits than the view has, which was there before.
 */
async function isTold(
  { state, definitions }: WebhookProjectionOptions,
  { newest }: ProjectionRun,
): Promise<boolean> {
  const { cursor, told } = await state.read();
  const to = cursorOf(await newest());
  if ((await definitions.list()).some(({ active }) => active)) return false;
  if (cursor !== null && cursor.head === to.head && told === 0) return true;
  return await state.advance(cursor ?? undefined, to);
}

/** The webhooks; one that waits for what comes after a commit that was taken back since waits no more. */
async function notAhead(definitions: WebhookDefinitions, ordinal: number): Promise<readonly Webhook[]> {
  const webhooks = await definitions.list();
  if (webhooks.every(({ afterOrdinal }) => afterOrdinal <= ordinal)) return webhooks;
  return await definitions.change(found => {
    const bounded = found.map(each => ({ ...each, afterOrdinal: Math.min(each.afterOrdinal, ordinal) }));
    return { webhooks: bounded, result: bounded };
  });
}

/** @throws KittiwakeError `deadline_exceeded` when more is due */
async function deliver(options: WebhookProjectionOptions, run: ProjectionRun): Promise<Counts> {
  const { outbox, runtime, onError } = options;
  const total = { sent: 0, failed: 0, dead: 0, possibly_doubled: 0, waiting: 0 };
  const send = lateSend(options, run);
  for (;;) {
    const report = await outbox.deliver({
      send,
      ...(Number.isFinite(run.deadlineMs) ? { deadlineMs: run.deadlineMs } : {}),
      ...(onError === undefined ? {} : { onError }),
    });
    total.sent += report.sent;
    total.failed += report.failed;
    total.dead += report.dead;
    total.possibly_doubled += report.possiblyDoubled;
    total.waiting = report.waiting;
    if (!report.more || report.sent === 0) return total;
    if (runtime.now() >= run.deadlineMs) throw projectionLate(NAME);
  }
}

/** What sends is made when there is something to send. */
function lateSend(options: WebhookProjectionOptions, { newest }: ProjectionRun): Send {
  const { events, definitions, wiki, runtime, posting } = options;
  const findEventOf = async (id: string) => findEvent(events, await newest(), id);
  let made: Promise<Send> | undefined;
  const make = async () =>
    createSend({ ...(await posting()), definitions, wiki, runtime, findEvent: findEventOf });
  return async (message, context) => {
    made ??= make();
    return await (await made)(message, context);
  };
}
