import * as schemas from '../schemas/webhooks.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { cursor, limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

const webhook = {
  id: { type: 'string', pattern: '^[0-9a-f]{16}$' },
  url: text,
  description: text,
  events: { type: 'array', items: text },
  prefix: text,
  active: { type: 'boolean' },
  stopped: orNull(record({ time, code: text })),
  created: time,
  created_by: text,
  changed: time,
};

const webhookAnswer = record(webhook);

const delivery = record({
  id: text,
  event: text,
  type: text,
  state: { enum: ['waiting', 'sending', 'sent', 'dead'] },
  attempts: whole,
  possibly_doubled: whole,
  next_attempt: orNull(time),
  last_attempt: orNull(
    record({ time, code: { type: ['string', 'null'] } }, { status: whole, reason: text, duration_ms: whole }),
  ),
  replay_of: { type: ['string', 'null'] },
  replayed_as: { type: ['string', 'null'] },
});

const queued = { description: 'It will be sent', schema: record({ delivery: text }) };
const changes = ['forbidden', 'webhook_invalid', 'outcome_unknown', 'contention'];

export const webhookOperations = {
  createWebhook: {
    summary: 'Has a URL told of what happens in the wiki',
    description:
      'It is told of every page, whatever readers may see, and of commits that come after. The answer holds the secret that signs its messages, this once.',
    tag: 'webhooks',
    request: { required: true, schemas: [schemas.createWebhook] },
    answers: { 201: { description: 'The webhook', schema: record({ ...webhook, secret: text }) } },
    errors: [...changes, 'webhooks_full'],
  },
  listWebhooks: {
    summary: 'Lists the webhooks',
    tag: 'webhooks',
    answers: {
      200: {
        description: 'All of them, at most 50',
        schema: record({ webhooks: { type: 'array', items: webhookAnswer } }),
      },
    },
    errors: ['forbidden'],
  },
  readWebhook: {
    summary: 'Reads a webhook',
    tag: 'webhooks',
    answers: { 200: { description: 'The webhook, without its secret', schema: webhookAnswer } },
    errors: ['forbidden', 'webhook_not_found'],
  },
  updateWebhook: {
    summary: 'Changes a webhook',
    tag: 'webhooks',
    request: { required: true, schemas: [schemas.updateWebhook] },
    answers: {
      200: {
        description: 'The webhook as it now is, with its secret when that was made anew',
        schema: record(webhook, { secret: text }),
      },
    },
    errors: [...changes, 'webhook_not_found'],
  },
  deleteWebhook: {
    summary: 'Deletes a webhook',
    description: 'What it was not told yet, it will not be.',
    tag: 'webhooks',
    answers: { 200: { description: 'The webhook as it was', schema: webhookAnswer } },
    errors: ['forbidden', 'webhook_not_found', 'outcome_unknown', 'contention'],
  },
  pingWebhook: {
    summary: 'Sends a webhook something to try it',
    tag: 'webhooks',
    answers: { 202: queued },
    errors: ['forbidden', 'webhook_not_found', 'outbox_unsettled'],
  },
  listDeliveries: {
    summary: 'Lists what a webhook was told, or is to be told',
    description: 'The newest commits first. What was sent is listed for 7 days, what was given up for 30.',
    tag: 'webhooks',
    query: [
      queryText('state', '`waiting`, `sent` or `dead` (given up). Default: all.'),
      limit('Most deliveries of the answer; default and most 100.'),
      cursor,
    ],
    answers: {
      200: {
        description: 'The deliveries',
        schema: record({ deliveries: { type: 'array', items: delivery } }, { next_cursor: text }),
      },
    },
    errors: ['forbidden', 'webhook_not_found', 'query_invalid'],
  },
  replayDelivery: {
    summary: 'Sends once more what was sent, or given up',
    tag: 'webhooks',
    answers: { 202: queued },
    errors: [
      'forbidden',
      'webhook_not_found',
      'outbox_message_absent',
      'outbox_message_waiting',
      'outbox_unsettled',
    ],
  },
} as const satisfies Record<string, Operation>;
