import type { OutboxMessage, SendNote } from './outbox-message.ts';

export interface DeliverOptions {
  send: Send;
  /** In runtime milliseconds; default: never. */
  deadlineMs?: number | undefined;
  /** Messages that are looked at, at most; default 500. */
  limit?: number;
  /** Told of what kept a message from being tried, or its outcome from being noted. It must not throw. */
  onError?(error: unknown): void;
}

/** Sends one message; gives up by `context.deadlineMs`. What it throws counts as a failure. */
export type Send = (message: OutboxMessage, context: SendContext) => Promise<SendOutcome>;

export interface SendContext {
  /** From 1. */
  attempt: number;
  /** An earlier attempt ended without being noted: the receiver may have the message. */
  possiblyDoubled: boolean;
  /** When sending must be given up, in runtime milliseconds. */
  deadlineMs: number;
}

export type SendOutcome =
  | { kind: 'sent'; note?: SendNote }
  /** May go better later. */
  | { kind: 'failed'; code: string; note?: SendNote }
  /** Never will. */
  | { kind: 'refused'; code: string; note?: SendNote };

export interface DeliverReport {
  sent: number;
  /** To be tried again. */
  failed: number;
  /** Given up in this call. */
  dead: number;
  /** Attempts after one that was never noted: the receiver may have got the message twice. */
  possiblyDoubled: number;
  /** Messages that are there and not due yet, or with another process, as far as they were looked at. */
  waiting: number;
  /** There are messages that were not looked at. */
  more: boolean;
  /** When the first of those that wait is due, in runtime milliseconds. */
  nextDueMs: number | undefined;
}
