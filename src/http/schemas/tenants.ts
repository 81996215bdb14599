import type { ObjectSchema } from '../schema.ts';

/** Bodies of requests about the wikis of a server. What is null counts as absent, but for limits. */

const limits = {
  type: 'object',
  properties: {
    pages: {
      type: ['integer', 'null'],
      description: 'Most pages; 0: no limit; null: as configured.',
    },
    bytes: {
      type: ['integer', 'null'],
      description: 'Most bytes in the store, with the history; 0: no limit; null: as configured.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

const note = { type: ['string', 'null'], description: 'For operators; up to 1,000 characters.' } as const;

export const createTenant = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      description: 'What stands in host names or paths: 1 to 63 lower-case letters, digits and hyphens.',
    },
    note,
    owner: { type: ['string', 'null'], description: 'Whom it belongs to, for operators.' },
    limits,
    token: {
      type: ['boolean', 'null'],
      description: 'Makes a token with which its holder administers the wiki; the answer has it, this once.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const updateTenant = {
  type: 'object',
  properties: {
    state: { type: ['string', 'null'], enum: ['active', 'suspended', null] },
    note,
    limits,
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
