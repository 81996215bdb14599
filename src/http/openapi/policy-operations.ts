import * as schemas from '../schemas/policy.ts';
import { record } from './answers.ts';
import type { AnswerSchema, Operation, Parameter } from './operation.ts';
import { queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const flag = { type: 'boolean' } as const;
const list = (items: AnswerSchema): AnswerSchema => ({ type: 'array', items });

const rights = record({ read: flag, write: flag, upload: flag, admin: flag });

const rule = record({ path: text }, { read: texts, write: texts, upload: texts, admin: texts });

const policyAnswer = record({
  revision: { type: 'integer' },
  access: { type: 'object', additionalProperties: text },
  rules: list(rule),
  limits: { type: 'object', additionalProperties: { type: 'integer' } },
  preferences: { type: 'object', additionalProperties: text },
});

const value = { type: ['string', 'number', 'boolean'] };

const preferencesAnswer = record({
  preferences: list(
    record(
      {
        name: text,
        type: { enum: ['choice', 'text', 'switch', 'bytes'] },
        description: text,
        default: value,
        value,
        source: { enum: ['default', 'environment', 'policy'] },
        changeable: flag,
      },
      { choices: texts },
    ),
  ),
});

const meAnswer = record(
  {
    id: text,
    standing: { enum: ['anonymous', 'registered', 'approved', 'admin', 'operator'] },
    names: texts,
    author: { anyOf: [record({ name: text, email: text }), { type: 'null' }] },
    scope: {
      anyOf: [record({ rights: texts, prefix: { type: ['string', 'null'] } }), { type: 'null' }],
    },
    rights,
  },
  { at: record({ path: text, rights }) },
);

const etag: Parameter = { name: 'ETag', description: 'The revision of the policy, quoted.', schema: text };

const lock: readonly Parameter[] = [
  { name: 'If-Match', description: 'ETag of the policy that was read; or `*`. Otherwise 412.', schema: text },
];

const refusals = [
  'forbidden',
  'precondition_failed',
  'policy_invalid',
  'policy_too_large',
  'policy_unreadable',
];

const changed = { 200: { description: 'The policy as it now is', schema: policyAnswer, headers: [etag] } };

export const policyOperations = {
  readMe: {
    summary: 'Who the caller is, and what it may do',
    tag: 'access',
    query: [queryText('path', 'A page: what the caller may do there, too.')],
    answers: { 200: { description: 'The caller', schema: meAnswer } },
    errors: ['path_invalid'],
  },
  readPolicy: {
    summary: 'Reads the policy of the wiki',
    description:
      'What is not in it is as configured. Who administers a part of the wiki gets the rules of that part.',
    tag: 'access',
    answers: { 200: { description: 'The policy', schema: policyAnswer, headers: [etag] } },
    errors: ['forbidden', 'policy_unreadable'],
  },
  putLimits: {
    summary: 'Sets the quota of the wiki',
    description: 'For operators.',
    tag: 'access',
    headers: lock,
    request: { required: true, schemas: [schemas.putLimits] },
    answers: changed,
    errors: refusals,
  },
  putRules: {
    summary: 'Replaces all rules',
    tag: 'access',
    headers: lock,
    request: { required: true, schemas: [schemas.putRules] },
    answers: changed,
    errors: [...refusals, 'rule_invalid', 'precondition_required'],
  },
  putRule: {
    summary: 'Sets the rule of a page and everything below it',
    tag: 'access',
    headers: lock,
    request: { required: true, schemas: [schemas.putRule] },
    answers: changed,
    errors: [...refusals, 'rule_invalid'],
  },
  deleteRule: {
    summary: 'Removes a rule',
    tag: 'access',
    headers: lock,
    answers: changed,
    errors: [...refusals, 'rule_not_found'],
  },
  listPreferences: {
    summary: 'Lists the settings of the wiki that concern writing',
    tag: 'access',
    answers: { 200: { description: 'The preferences', schema: preferencesAnswer } },
    errors: ['forbidden', 'policy_unreadable'],
  },
  patchPreferences: {
    summary: 'Changes preferences',
    tag: 'access',
    headers: lock,
    request: { required: true, schemas: [schemas.patchPreferences] },
    answers: { 200: { description: 'The preferences as they now are', schema: preferencesAnswer } },
    errors: [...refusals, 'preference_fixed'],
  },
} as const satisfies Record<string, Operation>;
