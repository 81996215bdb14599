import * as schemas from '../schemas/drafts.ts';
import { record } from './answers.ts';
import type { Operation, Parameter } from './operation.ts';
import { cursor, limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const textOrNull = { type: ['string', 'null'] } as const;

const shown = {
  path: text,
  base_revision: textOrNull,
  cursor: record({ line: whole, ch: whole }),
  updated: time,
  expires: time,
};

const page = { current_revision: textOrNull, moved_on: { type: 'boolean' } };

const merge = {
  anyOf: [
    record({ clean: { const: true }, content: text }),
    record({ clean: { const: false }, hunks: { type: 'array' }, diff: text }),
    { type: 'null' },
  ],
};

const etag: Parameter = { name: 'ETag', description: 'Another one with each save.', schema: text };

const lock: readonly Parameter[] = [
  {
    name: 'If-Match',
    description:
      'ETag of the draft that was read: another one is not overwritten. Default: the last save wins.',
    schema: text,
  },
  {
    name: 'If-None-Match',
    description: '`*`: only when there is no draft yet. Otherwise 412.',
    schema: text,
  },
];

export const draftOperations = {
  listDrafts: {
    summary: "Lists the caller's drafts",
    tag: 'drafts',
    query: [limit('Most drafts of the answer; default and most 100.'), cursor],
    answers: {
      200: {
        description: 'The drafts, without their texts',
        schema: record(
          { drafts: { type: 'array', items: record({ ...shown, ...page }) }, total: whole },
          { next_cursor: text },
        ),
      },
    },
    errors: ['cursor_invalid'],
  },
  readDraft: {
    summary: "Reads the caller's draft of a page",
    tag: 'drafts',
    query: [
      queryText('merge', '`true`: where the page has moved on, a three-way merge of both is proposed.'),
    ],
    answers: {
      200: {
        description: 'The draft',
        schema: record({ ...shown, ...page, content: text }, { merge }),
        headers: [etag],
      },
    },
    errors: ['draft_not_found', 'page_not_found'],
  },
  putDraft: {
    summary: "Saves the caller's draft of a page; nothing is committed",
    tag: 'drafts',
    headers: lock,
    request: { required: true, schemas: [schemas.putDraft] },
    answers: {
      200: { description: 'Saved', schema: record(shown), headers: [etag] },
      201: { description: 'Created', schema: record(shown), headers: [etag] },
    },
    errors: ['forbidden', 'precondition_failed', 'drafts_full'],
  },
  deleteDraft: {
    summary: "Deletes the caller's draft of a page",
    tag: 'drafts',
    answers: {
      200: { description: 'Deleted', schema: record({ deleted: { const: true }, path: text }) },
    },
    errors: ['draft_not_found', 'forbidden'],
  },
} as const satisfies Record<string, Operation>;
