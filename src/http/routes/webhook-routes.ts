import type { Route } from '../route.ts';

const webhooks = () => import('./webhooks.ts');

const WEBHOOKS = '/api/v1/webhooks';
const WEBHOOK = '/api/v1/webhooks/{id}';

export const WEBHOOK_ROUTES = [
  {
    name: 'createWebhook',
    method: 'POST',
    pattern: WEBHOOKS,
    access: 'admin',
    load: async () => (await webhooks()).createWebhook,
  },
  {
    name: 'listWebhooks',
    method: 'GET',
    pattern: WEBHOOKS,
    access: 'admin',
    load: async () => (await webhooks()).listWebhooks,
  },
  {
    name: 'readWebhook',
    method: 'GET',
    pattern: WEBHOOK,
    access: 'admin',
    load: async () => (await webhooks()).readWebhook,
  },
  {
    name: 'updateWebhook',
    method: 'PATCH',
    pattern: WEBHOOK,
    access: 'admin',
    load: async () => (await webhooks()).updateWebhook,
  },
  {
    name: 'deleteWebhook',
    method: 'DELETE',
    pattern: WEBHOOK,
    access: 'admin',
    load: async () => (await webhooks()).deleteWebhook,
  },
  {
    name: 'pingWebhook',
    method: 'POST',
    pattern: `${WEBHOOK}/ping`,
    access: 'admin',
    load: async () => (await webhooks()).pingWebhook,
  },
  {
    name: 'listDeliveries',
    method: 'GET',
    pattern: `${WEBHOOK}/deliveries`,
    access: 'admin',
    load: async () => (await webhooks()).listDeliveries,
  },
  {
    name: 'replayDelivery',
    method: 'POST',
    pattern: `${WEBHOOK}/deliveries/{delivery}/replay`,
    access: 'admin',
    load: async () => (await webhooks()).replayDelivery,
  },
] as const satisfies readonly Route[];
