import * as schemas from '../schemas/render.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { tooMuchToRender } from './refusals.ts';

const text = { type: 'string' } as const;
const heading = record({ level: { type: 'integer', minimum: 1, maximum: 6 }, text, anchor: text });

export const renderOperations = {
  renderText: {
    summary: 'Shows a text as HTML, as a page with it would be shown',
    description:
      'Nothing is stored. `html` is safe to show: it holds no scripts, styles or frames. `needs`: what a browser needs besides a style sheet, such as `mermaid`.',
    tag: 'pages',
    request: { required: true, schemas: [schemas.renderText] },
    answers: {
      200: {
        description: 'The text as HTML',
        schema: record({
          html: text,
          title: { anyOf: [text, { type: 'null' }] },
          headings: { type: 'array', items: heading },
          needs: { type: 'array', items: text },
        }),
      },
    },
    errors: tooMuchToRender,
  },
} as const satisfies Record<string, Operation>;
