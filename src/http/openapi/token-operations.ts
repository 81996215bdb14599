import * as schemas from '../schemas/tokens.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { cursor, limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const;

const token = {
  id: { type: 'string', pattern: '^[0-9a-f]{16}$' },
  name: text,
  owner: text,
  rights: { type: 'array', items: { enum: ['read', 'write', 'upload', 'admin'] } },
  prefix: textOrNull,
  all_wikis: { type: 'boolean' },
  author: { anyOf: [record({ name: text, email: text }), { type: 'null' }] },
  created: { type: 'string', format: 'date-time' },
  created_by: text,
  expires: timeOrNull,
  revoked: timeOrNull,
  locked: timeOrNull,
};

const tokenAnswer = record(token);

export const tokenOperations = {
  createToken: {
    summary: 'Makes a token of the caller',
    description:
      'With a token that needs the right `admin`. The answer holds the token itself, this once. A repeat makes another one; one whose answer was lost can be found in the list, and revoked.',
    tag: 'access',
    request: { required: true, schemas: [schemas.createToken] },
    answers: { 201: { description: 'The token', schema: record({ token: text, ...token }) } },
    errors: ['forbidden', 'token_invalid', 'tokens_full'],
  },
  listTokens: {
    summary: "Lists the caller's tokens, or all",
    tag: 'access',
    query: [
      queryText('all', '`true`: those of everybody, for administrators.'),
      limit('Most tokens of the answer; default and most 100.'),
      cursor,
    ],
    answers: {
      200: {
        description: 'The tokens',
        schema: record({ tokens: { type: 'array', items: tokenAnswer } }, { next_cursor: text }),
      },
    },
    errors: ['forbidden', 'cursor_invalid'],
  },
  readToken: {
    summary: 'Reads what is known of a token',
    tag: 'access',
    answers: { 200: { description: 'The token, without its text', schema: tokenAnswer } },
    errors: ['token_not_found'],
  },
  revokeToken: {
    summary: 'Ends a token, and those that were made with it',
    description: 'Other processes refuse it within the configured staleness, by default 30 seconds.',
    tag: 'access',
    answers: { 200: { description: 'The token as it now is', schema: tokenAnswer } },
    errors: ['token_not_found', 'outcome_unknown', 'contention'],
  },
} as const satisfies Record<string, Operation>;
