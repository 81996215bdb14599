import type { ObjectSchema } from '../schema.ts';

const place = (description: string) => ({ type: 'integer', description }) as const;

export const putDraft = {
  type: 'object',
  required: ['content'],
  properties: {
    content: { type: 'string', description: 'The page as it is being written.' },
    revision: {
      type: ['string', 'null'],
      description: 'Revision of the page that the writing began with. Null or absent: there was no page.',
    },
    cursor: {
      type: 'object',
      required: ['line', 'ch'],
      properties: { line: place('From 0.'), ch: place('From 0.') },
      description: 'Where the author is. Default: at the beginning.',
    },
  },
} as const satisfies ObjectSchema;
