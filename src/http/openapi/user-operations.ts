import * as schemas from '../schemas/users.ts';
import { record } from './answers.ts';
import type { Operation, Parameter } from './operation.ts';
import { cursor, limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const;

const user = {
  id: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  name: text,
  email: text,
  email_confirmed: flag,
  has_password: flag,
  approved: flag,
  admin: flag,
  allow: { type: 'array', items: { enum: ['read', 'write', 'upload'] } },
  first_seen: time,
  last_seen: timeOrNull,
  locked: timeOrNull,
};

const userAnswer = record(user);
/** `password`: the one that was made. */
const savedAnswer = record(user, { password: text });
const usersAnswer = record({ users: { type: 'array', items: userAnswer } }, { next_cursor: text });

const auditAnswer = record(
  {
    entries: {
      type: 'array',
      items: record({
        id: text,
        at: time,
        actor: text,
        action: text,
        subject: text,
        detail: { type: 'object' },
        outcome: { enum: ['begun', 'done', 'failed', 'unknown'] },
        code: { type: ['string', 'null'] },
        ended: timeOrNull,
      }),
    },
  },
  { next_cursor: text },
);

const etag: Parameter = { name: 'ETag', description: 'The revision of the user, quoted.', schema: text };

const lock: readonly Parameter[] = [
  { name: 'If-Match', description: 'ETag of the user that was read; or `*`. Otherwise 412.', schema: text },
];

const state = ['forbidden', 'database_unavailable', 'contention'];
const passwords = ['password_invalid', 'passwords_busy'];

export const userOperations = {
  createUser: {
    summary: 'Makes a user; the first one administers the wiki',
    description: 'A repeat is refused with `user_exists`, as nobody else may have the address.',
    tag: 'access',
    request: { required: true, schemas: [schemas.createUser] },
    answers: { 201: { description: 'The user', schema: savedAnswer, headers: [etag] } },
    errors: ['user_exists', 'user_invalid', ...passwords, ...state],
  },
  listUsers: {
    summary: 'Lists the users by e-mail',
    tag: 'access',
    query: [limit('Most users of the answer; default and most 200.'), cursor],
    answers: { 200: { description: 'The users', schema: usersAnswer } },
    errors: ['cursor_invalid', ...state],
  },
  readUser: {
    summary: 'Reads a user',
    tag: 'access',
    answers: { 200: { description: 'The user', schema: userAnswer, headers: [etag] } },
    errors: ['user_not_found', ...state],
  },
  updateUser: {
    summary: 'Changes a user: its rights, its name, whether it is locked',
    description: 'When this is answered, the tokens of the user know of it.',
    tag: 'access',
    headers: lock,
    request: { required: true, schemas: [schemas.updateUser] },
    answers: { 200: { description: 'The user as it now is', schema: userAnswer, headers: [etag] } },
    errors: ['user_not_found', 'user_exists', 'user_invalid', 'last_admin', 'precondition_failed', ...state],
  },
  deleteUser: {
    summary: 'Deletes a user; its tokens are refused, its commits keep its name',
    tag: 'access',
    headers: lock,
    answers: {
      200: { description: 'Deleted', schema: record({ deleted: { const: true }, id: text }) },
    },
    errors: ['user_not_found', 'last_admin', 'precondition_failed', ...state],
  },
  setUserPassword: {
    summary: "Sets, makes or removes a user's password",
    tag: 'access',
    request: { required: true, schemas: [schemas.setPassword] },
    answers: { 200: { description: 'The user', schema: savedAnswer, headers: [etag] } },
    errors: ['user_not_found', ...passwords, ...state],
  },
  updateMe: {
    summary: 'Changes the name or the password of the user who asks',
    description: 'For users who log in by password; not with a token.',
    tag: 'access',
    request: { required: true, schemas: [schemas.updateMe] },
    answers: { 200: { description: 'The user as it now is', schema: userAnswer, headers: [etag] } },
    errors: ['user_required', 'user_invalid', 'password_wrong', ...passwords, ...state],
  },
  listAudit: {
    summary: 'Lists what was changed by those who administer, newest first',
    tag: 'access',
    query: [
      queryText('actor', 'Only of this one: `user:ID`, `token:ID`, `api-key`, `command-line`.'),
      queryText('action', 'Only this: `user.create`; or all of a thing: `user.`'),
      limit('Most entries of the answer; default and most 200.'),
      cursor,
    ],
    answers: { 200: { description: 'The entries', schema: auditAnswer } },
    errors: ['cursor_invalid', ...state],
  },
} as const satisfies Record<string, Operation>;
