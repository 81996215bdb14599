import { expect } from 'vitest';
import type { ApiClient } from './support/client.ts';

/** What a later step needs. */
const seen = { webhook: '', delivery: '' };

/** Webhooks, each route once. What is sent goes to a name that nobody has. */
export const WEBHOOK_STEPS = {
  async createWebhook({ call }: ApiClient) {
    const { status, body } = await call('POST', '/webhooks', { url: 'https://hooks.invalid/' });
    expect([status, body]).toMatchObject([201, { active: true, secret: expect.stringMatching(/^whsec_/) }]);
    seen.webhook = body.id;
    const inside = await call('POST', '/webhooks', { url: 'http://169.254.169.254/' });
    expect([inside.status, inside.body.code]).toEqual([422, 'webhook_invalid']);
  },

  async listWebhooks({ call }: ApiClient) {
    const { status, body } = await call('GET', '/webhooks');
    expect([status, body.webhooks]).toMatchObject([200, [{ id: seen.webhook }]]);
  },

  async readWebhook({ call }: ApiClient) {
    const { status, body } = await call('GET', `/webhooks/${seen.webhook}`);
    expect([status, body.url, body.secret]).toEqual([200, 'https://hooks.invalid/', undefined]);
  },

  async updateWebhook({ call }: ApiClient) {
    const { status, body } = await call('PATCH', `/webhooks/${seen.webhook}`, { description: 'Nobody' });
    expect([status, body.description]).toEqual([200, 'Nobody']);
  },

  async pingWebhook({ call }: ApiClient) {
    const { status, body } = await call('POST', `/webhooks/${seen.webhook}/ping`);
    expect(status).toBe(202);
    seen.delivery = body.delivery;
  },

  async listDeliveries({ call }: ApiClient) {
    const { status, body } = await call('GET', `/webhooks/${seen.webhook}/deliveries`);
    expect([status, body.deliveries]).toMatchObject([200, [{ id: seen.delivery, type: 'ping' }]]);
  },

  async replayDelivery({ call }: ApiClient) {
    const { status, body } = await call('POST', `/webhooks/${seen.webhook}/deliveries/none/replay`);
    expect([status, body.code]).toEqual([404, 'outbox_message_absent']);
  },

  async deleteWebhook({ call }: ApiClient) {
    const { status } = await call('DELETE', `/webhooks/${seen.webhook}`);
    expect(status).toBe(200);
    expect((await call('GET', '/webhooks')).body.webhooks).toEqual([]);
  },
};
