import type { AnswerSchema } from './operation.ts';

/** The answers of the API as JSON Schema; the types are in `wiki/bodies.ts`. */

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const revision = { type: 'string', pattern: '^([0-9a-f]{40})?$' } as const;
const list = (items: AnswerSchema): AnswerSchema => ({ type: 'array', items });
const texts = list(text);
const orNull = (schema: AnswerSchema): AnswerSchema => ({ anyOf: [schema, { type: 'null' }] });

/** An object with these fields. */
export function record(
  properties: Record<string, AnswerSchema>,
  optional: Record<string, AnswerSchema> = {},
): AnswerSchema {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}

const change = record({ path: text, action: { enum: ['create', 'update', 'delete'] } });
const tried = { dry_run: { const: true }, changes: list(change) };
const more = { next_cursor: text };
/** Frontmatter title in its own type, or the last segment of the path. */
const name = {};

const commit = record({
  author: text,
  date: { type: 'string', format: 'date-time' },
  message: text,
  revision,
});

export const healthAnswer = record({ status: { const: 'ok' } });

export const errorAnswer = record(
  { error: text, code: text },
  {
    current_revision: revision,
    diff: text,
    hunks: list({}),
    pages: texts,
    sections: texts,
    index: whole,
    request_id: text,
  },
);

export const pageAnswer = record({
  content: text,
  frontmatter: orNull({ type: 'object' }),
  last_commit: orNull(commit),
  linked_from: texts,
  links_to: texts,
  name,
  path: text,
  revision,
});

export const pageListAnswer = record(
  {
    pages: list(
      record({
        category: {},
        content_length: whole,
        last_updated: orNull({ type: 'string', format: 'date' }),
        name,
        path: text,
        tags: list({}),
      }),
    ),
    total: whole,
  },
  more,
);

export const putPageAnswer = record(
  { created: { type: 'boolean' }, name, path: text, revision },
  { merged: { const: true }, draft_discarded: { type: 'boolean' }, ...tried },
);

export const patchPageAnswer = record(
  { name, path: text, revision },
  {
    merged: { const: true },
    draft_discarded: { type: 'boolean' },
    ...tried,
  },
);

export const deletePageAnswer = record(
  { deleted: { const: true }, path: text },
  { deleted_pages: texts, deleted_attachments: whole, ...tried },
);

export const renamePageAnswer = record(
  { new_path: text, old_path: text, revision, updated_pages: texts },
  tried,
);

export const restorePageAnswer = record(
  { created: { type: 'boolean' }, name, path: text, restored_from: text, revision },
  tried,
);

export const attachmentListAnswer = record(
  {
    attachments: list(
      record({
        filename: text,
        last_modified: orNull({ type: 'string', format: 'date-time' }),
        mime_type: text,
        size: whole,
      }),
    ),
    path: text,
    total: whole,
  },
  more,
);

export const attachmentAnswer = record({
  content: { type: 'string', contentEncoding: 'base64' },
  filename: text,
  mime_type: text,
  size: whole,
});

export const putAttachmentAnswer = record(
  { filename: text, mime_type: text, path: text, size: whole },
  tried,
);

export const prepareUploadAnswer = record({
  upload: record({
    id: text,
    method: { const: 'PUT' },
    url: { type: 'string', format: 'uri' },
    headers: { type: 'object', additionalProperties: text },
    expires_at: { type: 'string', format: 'date-time' },
    max_bytes: whole,
  }),
});

export const presignedAnswer = record({
  url: { type: 'string', format: 'uri' },
  expires_at: { type: 'string', format: 'date-time' },
});

export const deleteAttachmentAnswer = record({ deleted: { const: true }, filename: text }, tried);

export const historyAnswer = record({ history: list(commit), path: text }, more);

export const changelogAnswer = record(
  {
    entries: list({ allOf: [commit, record({ pages_affected: texts })] }),
    total: whole,
  },
  more,
);

export const pageLinksAnswer = record({ linked_from: texts, links_to: texts, path: text }, more);

export const linkGraphAnswer = record(
  { edges: list(record({ source: text, target: text })), nodes: texts },
  more,
);

export const searchAnswer = record(
  {
    query: text,
    results: list(record({ name: text, path: text, score: { type: 'number' }, snippet: text })),
    total: whole,
  },
  more,
);

export const batchAnswer = record({ results: list({ type: 'object' }), revision }, tried);

export const revertAnswer = record({ pages: texts, reverted: text, revision }, tried);
