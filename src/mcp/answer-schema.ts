import type { AnswerSchema } from './tool.ts';

type Json = Readonly<Record<string, unknown>>;

/** Parts of JSON Schemas of answers. */

export const text = { type: 'string' } as const;
export const textOrNull = { type: ['string', 'null'] } as const;
export const whole = { type: 'integer' } as const;
export const number = { type: 'number' } as const;
export const flag = { type: 'boolean' } as const;
/** 40 hex digits; empty where there is none. */
export const revision = { type: 'string', pattern: '^([0-9a-f]{40})?$' } as const;

export const listOf = (items: Json) => ({ type: 'array', items }) as const;

/** @param optional of `properties`; all others are always there */
export function object(
  properties: Readonly<Record<string, Json>>,
  optional: readonly string[] = [],
): AnswerSchema {
  const required = Object.keys(properties).filter(name => !optional.includes(name));
  return { type: 'object', properties, required };
}

const changes = listOf(
  object({ path: text, action: { type: 'string', enum: ['create', 'update', 'delete'] } }),
);

/** What a write answers; tried out, also what the commit would hold. */
export function written(
  properties: Readonly<Record<string, Json>>,
  optional: readonly string[] = [],
): AnswerSchema {
  return object({ ...properties, dry_run: flag, changes }, [...optional, 'dry_run', 'changes']);
}

const error = object(
  {
    code: text,
    message: text,
    current_revision: text,
    diff: text,
    hunks: listOf({ type: 'object' }),
    pages: listOf(text),
    sections: listOf(text),
    index: whole,
    needed: text,
    limit: whole,
    used: whole,
    request_id: text,
  },
  [
    'current_revision',
    'diff',
    'hunks',
    'pages',
    'sections',
    'index',
    'needed',
    'limit',
    'used',
    'request_id',
  ],
);

/**
 * What a call answers: what the tool does, or the error. Both are in the schema, as clients hold errors against it, too.
 */
export function answerOrError(answer: AnswerSchema): AnswerSchema {
  const { properties, required } = answer as { properties?: Json; required?: readonly string[] };
  return {
    type: 'object',
    properties: { ...properties, error },
    anyOf: [{ required: required ?? [] }, { required: ['error'] }],
  };
}
