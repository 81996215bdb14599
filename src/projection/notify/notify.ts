import type { Runtime } from '../../core/runtime.ts';
import type { View } from '../../git/repository.ts';
import type { EventReader } from '../event/event-reader.ts';
import { followEvents, skipToHead } from '../event/follow-events.ts';
import type { WikiEvent } from '../event/wiki-event.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { DeliverReport } from '../outbox/sending.ts';
import type { Counts, ProjectionRun, RunnableProjection } from '../runnable.ts';
import { conditionOf } from '../state/projection-state.ts';
import type { StateDocument } from '../state/state-document.ts';
import { messagesOf } from './change-messages.ts';
import { CommitLine } from './commit-line.ts';
import { outboxMessage } from './mail-message.ts';
import type { ReadersAt } from './readers.ts';

export const NOTIFY = 'notify';

export interface NotifyOptions {
  /** Of the wiki. */
  uuid: string;
  state: StateDocument<null>;
  outbox: Outbox;
  events: EventReader;
  readersAt: ReadersAt;
  /** Sends what is due. Undefined: this process cannot. */
  deliver(run: ProjectionRun): Promise<DeliverReport | undefined>;
  runtime: Runtime;
}

/** Mails to those who watch what was changed. */
export function createNotify(options: NotifyOptions): Omit<RunnableProjection, 'name'> {
  const { state, outbox } = options;
  const follow = (run: ProjectionRun) =>
    followEvents({ name: NOTIFY, ...options, take: (events, view) => take(options, events, view) }, run);
  return {
    condition: async () => conditionOf(await state.read()),
    async run(run) {
      // What waits does not wait for what keeps the events from being read.
      const [followed] = await Promise.allSettled([follow(run)]);
      const report = await options.deliver(run);
      if (followed.status === 'rejected') throw followed.reason;
      return { ...followed.value, ...countsOf(report) };
    },
    rebuild: run => skipToHead(state, run),
    sweep: async () => ({ mails_forgotten: await outbox.sweep() }),
  };
}

async function take(
  { uuid, outbox, events: reader, readersAt, runtime }: NotifyOptions,
  events: readonly WikiEvent[],
  view: View,
): Promise<readonly never[]> {
  const line = new CommitLine(view, reader);
  const messages = await messagesOf(events, line, await readersAt(view), runtime.now());
  await outbox.enqueue(messages.map(message => outboxMessage(uuid, message)));
  return [];
}

function countsOf(report: DeliverReport | undefined): Counts {
  if (report === undefined) return {};
  const { sent, failed, dead, possiblyDoubled } = report;
  return { mails: sent, mails_failed: failed, mails_dead: dead, mails_doubled: possiblyDoubled };
}
