import { KittiwakeError } from '../../core/errors.ts';

export function webhookInvalid(reason: string): KittiwakeError {
  return new KittiwakeError('webhook_invalid', `Setting up a webhook: ${reason}`);
}

export function webhooksFull(maxWebhooks: number): KittiwakeError {
  return new KittiwakeError(
    'webhooks_full',
    `Setting up a webhook: there are ${maxWebhooks}, the most there can be; delete one first`,
    { data: { maxWebhooks } },
  );
}

export function webhookNotFound(id: string): KittiwakeError {
  return new KittiwakeError('webhook_not_found', `Webhook not found: ${id}`);
}

export function webhookUnreadable(): KittiwakeError {
  return new KittiwakeError(
    'object_unreadable',
    'Reading a document: it holds no webhooks as they should be',
  );
}
