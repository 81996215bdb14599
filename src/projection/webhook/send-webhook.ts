import { isKittiwakeError } from '../../core/errors.ts';
import { monotonicMs, type Runtime } from '../../core/runtime.ts';
import type { WikiEvent } from '../event/wiki-event.ts';
import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { Send, SendContext, SendOutcome } from '../outbox/sending.ts';
import { bareBody, bodyOf } from './body.ts';
import type { WebhookDefinitions } from './definitions.ts';
import { receivedId, type WebhookPayload } from './message.ts';
import { type Posted, type PostOptions, post } from './post.ts';
import { signedHeaders } from './sign.ts';
import { secretsOf, type Webhook } from './webhook.ts';

export interface SendOptions extends PostOptions {
  definitions: WebhookDefinitions;
  /** Uuid of the wiki. */
  wiki: string;
  runtime: Runtime;
  /** What a commit did; undefined when it is not, or no longer, of the wiki's history. */
  findEvent(id: string): Promise<WikiEvent | undefined>;
}

/** Sends messages to webhooks as they are defined at that moment. */
export function createSend(options: SendOptions): Send {
  const { definitions, wiki } = options;
  return async (message, context) => {
    const webhook = (await definitions.list()).find(({ id }) => id === message.target);
    const payload = message.payload as WebhookPayload;
    if (webhook === undefined) return { kind: 'refused', code: 'webhook_not_found' };
    if (!webhook.active && payload.type !== 'ping') return { kind: 'refused', code: 'webhook_inactive' };
    const body = await bodyFor(payload, options);
    if (body === undefined) return { kind: 'refused', code: 'event_gone' };
    return await sendBody(body, { message, context, webhook, wiki }, options);
  };
}

async function bodyFor(
  payload: WebhookPayload,
  { wiki, findEvent }: SendOptions,
): Promise<string | undefined> {
  const { event: id, type } = payload;
  if (type === 'ping') return bareBody(payload, wiki);
  const event = await findEvent(id);
  if (event !== undefined) return bodyOf(event, wiki);
  // It tells of no commit in particular; the head may be another one by now.
  return type === 'history_changed' ? bareBody(payload, wiki) : undefined;
}

async function sendBody(
  body: string,
  {
    message,
    context,
    webhook,
  }: { message: OutboxMessage; context: SendContext; webhook: Webhook; wiki: string },
  options: SendOptions,
): Promise<SendOutcome> {
  const nowMs = options.runtime.now();
  const signed = { id: receivedId(message.id), seconds: Math.floor(nowMs / 1000), body };
  const headers = {
    ...signedHeaders(signed, secretsOf(webhook, nowMs)),
    'content-type': 'application/json',
    'user-agent': 'Kittiwake',
  };
  const beganMs = monotonicMs();
  const timeoutMs = Math.max(1, context.deadlineMs - nowMs);
  const posted = await post({ url: webhook.url, headers, body, timeoutMs }, options);
  const outcome = outcomeOf(posted, Math.round(monotonicMs() - beganMs));
  if (posted.kind === 'answered' && posted.status === 410) await stop(webhook, options);
  return outcome;
}

function outcomeOf(posted: Posted, durationMs: number): SendOutcome {
  if (posted.kind === 'failed') {
    const { code, reason } = posted;
    return { kind: 'failed', code, note: { reason, duration_ms: durationMs } };
  }
  const { status } = posted;
  const note = { status, duration_ms: durationMs };
  if (status >= 200 && status < 300) return { kind: 'sent', note };
  if (status === 410) return { kind: 'refused', code: 'webhook_gone', note };
  return { kind: 'failed', code: 'webhook_status', note };
}

/** The receiver wants no more, at the URL that was asked. */
async function stop({ id, url }: Webhook, { definitions, runtime }: SendOptions): Promise<void> {
  const stopped = { atMs: runtime.now(), code: 'webhook_gone' };
  try {
    await definitions.update(id, webhook =>
      webhook.url === url && webhook.active ? { ...webhook, active: false, stopped } : webhook,
    );
  } catch (error) {
    // What was not stopped now is when the next message is answered.
    if (!isKittiwakeError(error)) throw error;
  }
}
