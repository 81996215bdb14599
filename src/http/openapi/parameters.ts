import type { Parameter } from './operation.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;

export const limit = (description: string): Parameter => ({ name: 'limit', description, schema: whole });

export const cursor: Parameter = {
  name: 'cursor',
  description: '`next_cursor` of the answer before.',
  schema: text,
};

export const queryText = (name: string, description: string): Parameter => ({
  name,
  description,
  schema: text,
});

export const required = (parameter: Parameter): Parameter => ({ ...parameter, required: true });

export const ifNoneMatchRead: Parameter = {
  name: 'If-None-Match',
  description: 'ETag of an answer that is at hand: 304 when it still holds.',
  schema: text,
};

export const etag: Parameter = {
  name: 'ETag',
  description: 'Reads: `"<blob>-<hash of the answer>"`. Writes: `"<blob>"`. Both are accepted by If-Match.',
  schema: text,
};

/** Headers of every write that touches one file. */
export const lockHeaders: readonly Parameter[] = [
  {
    name: 'If-Match',
    description: 'ETag, or bare blob id, of the text that was read; or `*`. Otherwise 412.',
    schema: text,
  },
  { name: 'If-None-Match', description: '`*`: only when there is nothing yet. Otherwise 412.', schema: text },
];

export const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  description:
    '1 to 255 printable ASCII characters. Within 24 hours a repeat gets the first answer and changes nothing.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

export const location: Parameter = { name: 'Location', description: 'Where the bytes are.', schema: text };

export const replayed: Parameter = {
  name: 'Idempotency-Replayed',
  description: '`true` when an earlier request with this Idempotency-Key gave the answer.',
  schema: text,
};
