import { EVENT_TYPES } from '../../projection/event/event-types.ts';
import type { ObjectSchema } from '../schema.ts';

const fields = {
  description: { type: ['string', 'null'], description: 'What it is for, up to 200 characters.' },
  events: {
    type: 'array',
    maxItems: 20,
    items: {
      type: 'string',
      enum: EVENT_TYPES,
    },
    description: 'What it is told of. Default, and where it is empty: everything.',
  },
  prefix: {
    type: ['string', 'null'],
    description: 'Path: only this page, and what is below it. Default: the whole wiki.',
  },
  secret: {
    type: ['string', 'null'],
    description: '`whsec_` and the base64 of 24 to 64 bytes. Default: one is made.',
  },
} as const;

export const createWebhook = {
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string', description: 'Of https or http, at public addresses.' },
    ...fields,
    active: { type: ['boolean', 'null'], description: 'Default true.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const updateWebhook = {
  type: 'object',
  properties: {
    url: { type: ['string', 'null'], description: 'Of https or http, at public addresses.' },
    ...fields,
    active: {
      type: ['boolean', 'null'],
      description: 'Made active again, it is told of what comes after.',
    },
    renew_secret: {
      type: ['boolean', 'null'],
      description: 'Makes a new secret and shows it this once; the old one signs as well for a day.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
