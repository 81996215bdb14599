import { pageStem } from '../../wiki/name/page-path.ts';
import type { WikiEvent, WikiEventType } from '../event/wiki-event.ts';
import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { Webhook } from './webhook.ts';

/** What the outbox keeps of an event: what it tells is read from the commit when it is sent, so that a purge reaches it. */
export interface WebhookPayload {
  /** Id of the event. */
  event: string;
  type: WikiEventType | 'ping';
}

const COUNT_DIGITS = 10;
const MAX_COUNT = 10 ** COUNT_DIGITS - 1;

/** Whether a webhook is told of an event. */
export function isToldOf(webhook: Webhook, event: WikiEvent): boolean {
  const { active, types, prefix, afterOrdinal } = webhook;
  if (!active || (types.length > 0 && !types.includes(event.type))) return false;
  // A history that was taken back may be shorter than it was.
  if (event.type === 'history_changed') return true;
  if (event.ordinal <= afterOrdinal) return false;
  return isBelow(event.file, prefix) || (event.type === 'page_renamed' && isBelow(event.from, prefix));
}

/** The messages that tell of events: the same ones, whoever makes them. */
export function messagesOf(events: readonly WikiEvent[], webhooks: readonly Webhook[]): OutboxMessage[] {
  return events.flatMap(event =>
    webhooks.filter(webhook => isToldOf(webhook, event)).map(webhook => messageOf(event, webhook)),
  );
}

/** Beginning of the ids of all messages to a webhook. */
export function messagePrefix(webhookId: string): string {
  return `${webhookId}-`;
}

/** That a webhook works. */
export function pingMessage(
  { id }: Webhook,
  { random, nowMs }: { random: string; nowMs: number },
): OutboxMessage {
  // Where the messages of the next commit will stand.
  const payload: WebhookPayload = { event: `ping-${nowMs}`, type: 'ping' };
  return { id: `${messagePrefix(id)}${'0'.repeat(COUNT_DIGITS)}-${random}`, target: id, payload };
}

/** What the receiver knows a message by: a replay is the same message. */
export function receivedId(messageId: string): string {
  return messageId.replace(/\.r\d+$/, '');
}

/** The newest come first in the order of ids, and of one commit the last. */
function messageOf({ id, ordinal, commit, type }: WikiEvent, webhook: Webhook): OutboxMessage {
  const n = id.slice(id.lastIndexOf('-') + 1);
  const last = /^\d+$/.test(n) ? countedDown(Number(n)) : n;
  const messageId = `${messagePrefix(webhook.id)}${countedDown(ordinal)}-${commit.slice(0, 16)}-${last}`;
  const payload: WebhookPayload = { event: id, type };
  return { id: messageId, target: webhook.id, payload };
}

function countedDown(count: number): string {
  return String(MAX_COUNT - count).padStart(COUNT_DIGITS, '0');
}

function isBelow(file: string, prefix: string): boolean {
  const path = pageStem(file);
  return prefix === '' || path === prefix || file === prefix || path.startsWith(`${prefix}/`);
}
