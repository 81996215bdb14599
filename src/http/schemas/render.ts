import type { ObjectSchema } from '../schema.ts';

export const renderText = {
  type: 'object',
  required: ['content'],
  properties: {
    content: { type: 'string', description: 'Markdown, with or without frontmatter.' },
    path: {
      type: ['string', 'null'],
      description:
        'Page that it is for: its relative links are read from there. Default: a page at the root.',
    },
  },
} as const satisfies ObjectSchema;
