import { record } from './answers.ts';
import type { AnswerSchema, Operation } from './operation.ts';
import { cursor, limit } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const list = (items: AnswerSchema): AnswerSchema => ({ type: 'array', items });
const orNull = (schema: AnswerSchema): AnswerSchema => ({ anyOf: [schema, { type: 'null' }] });

const highlight = record({
  field: { enum: ['title', 'body'] },
  text,
  ranges: {
    ...list({ ...list(whole), minItems: 2, maxItems: 2 }),
    description: 'Start and end in UTF-16 units of text.',
  },
});

/** The answer to `mode=ranked`. */
export const rankedAnswer = record(
  {
    query: text,
    results: list(record({ name: text, path: text, score: { type: 'number' }, highlights: list(highlight) })),
    total: whole,
  },
  { next_cursor: text },
);

const reported = record({ path: text, name: text });
const broken = record({
  path: text,
  name: text,
  links: list(record({ link: text, target: orNull(text), suggestion: orNull(text) })),
  total: whole,
});
const wanted = record({ path: text, links: whole, linked_from: list(text) });

const reportAnswer = record(
  { report: text, pages: list({ anyOf: [broken, reported, wanted] }), total: whole },
  { next_cursor: text },
);

export const searchOperations = {
  report: {
    summary: 'Names what is to be tidied up',
    description:
      '`orphaned`: pages that no other page links to; `broken-links`: links that lead nowhere, by page; `wanted`: pages that are linked to and not there, by the number of pages that link to them; `empty`: pages without a word. Of what the caller may read.',
    tag: 'links',
    query: [limit('Most pages of the answer; default and most 1,000, of broken-links 100.'), cursor],
    answers: { 200: { description: 'The pages', schema: reportAnswer } },
    errors: ['route_not_found', 'cursor_invalid'],
  },
} as const satisfies Record<string, Operation>;
