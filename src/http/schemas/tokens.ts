import type { ObjectSchema } from '../schema.ts';

export const createToken = {
  type: 'object',
  required: ['name', 'rights'],
  properties: {
    name: { type: 'string', description: '1 to 100 characters: what it is for.' },
    rights: {
      type: 'array',
      maxItems: 4,
      items: { type: 'string', enum: ['read', 'write', 'upload', 'admin'] },
      description:
        'As far as its owner may do that. `write` brings `read`, `upload` brings both, `admin` all.',
    },
    prefix: {
      type: ['string', 'null'],
      description: 'Page path: only this page, and what is below it. Default: the whole wiki.',
    },
    expires: {
      type: ['string', 'null'],
      description: 'ISO 8601 with a time zone. Default: never, or with the token that asks.',
    },
    author: {
      type: 'object',
      required: ['name', 'email'],
      properties: { name: { type: 'string' }, email: { type: 'string' } },
      additionalProperties: false,
      description: "Whom its commits name, for operators to say. Default: its owner, or the wiki's author.",
    },
    all_wikis: {
      type: ['boolean', 'null'],
      description: 'For all wikis of the server, for operators to say. Default false.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
