import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { createDelivery } from './deliver.ts';
import { enqueueMessages } from './enqueue.ts';
import { findMessage, type ListedState, type ListOptions, listMessages, type OutboxPage } from './list.ts';
import type { DueMessage, OutboxMessage, OutboxPlace } from './outbox-message.ts';
import { replayMessage } from './replay.ts';
import type { DeliverOptions, DeliverReport } from './sending.ts';
import { sweepMessages } from './sweep.ts';

/**
 * Messages to the world outside that follow from commits: each goes out at least once, and more than once only if a process ended
 * between sending and noting it, which is counted. Several processes may fill and deliver one outbox.
 *
 * A message lies below `due/` until it has ended, then below `sent/` or `dead/`, and never goes back: a replay is a message of
 * its own.
 */
export interface Outbox {
  /**
   * Resolves when all are there. A message whose id is there already, whatever became of it, is not added: ids follow from what is
   * told to whom, so that repeats and other processes tell it once. Only then may a cursor pass what they tell of.
   * @returns the number of those that were not due before
   * @throws KittiwakeError `outbox_unsettled`, `outbox_message_invalid`; those of the store
   */
  enqueue(messages: readonly OutboxMessage[]): Promise<number>;

  /** Sends what is due. Failures of messages are part of the report. @throws KittiwakeError those of listing the store */
  deliver(options: DeliverOptions): Promise<DeliverReport>;

  /** In the order of ids. A message that has just ended may be listed as waiting. */
  list(state: ListedState, page?: ListOptions): Promise<OutboxPage>;

  find(id: string): Promise<DueMessage | undefined>;

  /**
   * Sends a message that has ended once more, as a message with an id of its own.
   * @returns that id; a replay that still waits is not doubled
   * @throws KittiwakeError `outbox_message_absent`, `outbox_message_waiting`
   */
  replay(id: string): Promise<string>;

  /** Forgets what was sent 7 days ago, and what failed for good 30 days ago. Returns how many. */
  sweep(): Promise<number>;
}

export interface OutboxOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  /** Lower-case letters, for example `mail`. */
  kind: string;
  runtime: Runtime;
  /** Waiting times after each failed attempt, in milliseconds, give or take a fifth. Default: 10 s to 12 h, 8 attempts. */
  backoffMs?: readonly number[];
  /** The longest that one sending takes. Default 30,000 ms. */
  sendMs?: number;
}

/** Between 8 attempts, which take about 21 hours. */
export const BACKOFF_MS: readonly number[] = [
  10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000,
];

export function openOutbox(options: OutboxOptions): Outbox {
  const { store, uuid, kind, runtime, backoffMs = BACKOFF_MS, sendMs = 30_000 } = options;
  const place: OutboxPlace = { store, runtime, prefix: `outbox/${uuid}/${kind}/` };
  return {
    enqueue: messages => enqueueMessages(place, messages),
    deliver: createDelivery({ place, backoffMs, sendMs }),
    list: (state, page = {}) => listMessages(place, state, page),
    find: id => findMessage(place, id),
    replay: id => replayMessage(place, id),
    sweep: () => sweepMessages(place),
  };
}
