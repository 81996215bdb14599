import * as schemas from '../schemas/remotes.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const whole = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const commit = { type: ['string', 'null'] };

const pull = record({
  outcome: { enum: ['up_to_date', 'fast_forward', 'merged', 'conflicts', 'empty'] },
  commits: whole,
  theirs: commit,
  head: commit,
});
const push = record({
  outcome: { enum: ['up_to_date', 'pushed', 'empty'] },
  before: commit,
  after: commit,
});
const sync = { time: orNull(time), pull: orNull(pull), push: orNull(push) };

const conflict = record({
  id: text,
  time,
  ours: text,
  theirs: text,
  ref: text,
  merge: commit,
  paths: {
    type: 'array',
    items: record({
      path: text,
      kind: {
        enum: [
          'edited',
          'added',
          'deleted_here',
          'deleted_there',
          'renamed_twice',
          'file_and_folder',
          'case',
        ],
      },
      other: { type: ['string', 'null'] },
    }),
  },
  more: whole,
});

const remote = record({
  name: text,
  url: text,
  branch: text,
  pull: flag,
  push: flag,
  every_minutes: whole,
  after_commits: flag,
  webhook: flag,
  hook: { type: ['string', 'null'] },
  prefer: { enum: ['ours', 'theirs'] },
  credentials: text,
  active: flag,
  created: time,
  created_by: text,
  changed: time,
  running: flag,
  requested: flag,
  last_attempt: orNull(time),
  last_success: orNull(time),
  next_attempt: orNull(time),
  failures: whole,
  last_error: orNull(record({ time, code: text, message: text })),
  last_result: orNull(record(sync)),
  ahead: { type: ['integer', 'null'] },
  behind: { type: ['integer', 'null'] },
  conflicts: { type: 'array', items: conflict },
});

const changes = ['forbidden', 'remote_invalid', 'outcome_unknown', 'contention'];
const runs = [
  ...changes,
  'remote_not_found',
  'remote_credentials_refused',
  'remote_denied',
  'remote_failed',
  'remote_too_large',
  'remote_unreachable',
  'remote_url_refused',
];
const run = {
  200: { description: 'What came of it', schema: record({ status: { const: 'done' }, ...sync }) },
  202: {
    description: 'It takes longer: it goes on of itself, and the remote tells what came of it',
    schema: record({ status: { const: 'pending' }, ...sync }),
  },
};

const hookAnswer = record(
  { status: { enum: ['success', 'pending', 'error'] }, message: text },
  { code: text, time },
);

export const remoteOperations = {
  createRemote: {
    summary: 'Names a repository of another host, to pull from and to push to',
    tag: 'remotes',
    request: { required: true, schemas: [schemas.createRemote] },
    answers: { 201: { description: 'The remote', schema: remote } },
    errors: [...changes, 'remote_exists', 'remotes_full'],
  },
  listRemotes: {
    summary: 'Lists the remotes, with how their last runs went',
    tag: 'remotes',
    answers: {
      200: {
        description: 'All of them, at most 20',
        schema: record({ remotes: { type: 'array', items: remote } }),
      },
    },
    errors: ['forbidden'],
  },
  readRemote: {
    summary: 'Reads a remote, with how its last runs went',
    tag: 'remotes',
    answers: { 200: { description: 'The remote', schema: remote } },
    errors: ['forbidden', 'remote_not_found'],
  },
  updateRemote: {
    summary: 'Changes a remote',
    tag: 'remotes',
    request: { required: true, schemas: [schemas.updateRemote] },
    answers: { 200: { description: 'The remote as it now is', schema: remote } },
    errors: [...changes, 'remote_not_found'],
  },
  deleteRemote: {
    summary: 'Forgets a remote',
    description: 'What was pulled from it stays, and so do side branches of conflicts.',
    tag: 'remotes',
    answers: { 200: { description: 'The remote as it was', schema: remote } },
    errors: ['forbidden', 'remote_not_found', 'outcome_unknown', 'contention'],
  },
  settleConflict: {
    summary: 'Tells of a conflict no more',
    description:
      'Its side branch stays, unless `delete_branch` says that it goes: then what no other history holds goes with it.',
    tag: 'remotes',
    request: { required: false, schemas: [schemas.settleConflict] },
    answers: { 200: { description: 'The remote as it now is', schema: remote } },
    errors: [
      'forbidden',
      'remote_not_found',
      'remote_conflict_absent',
      'ref_moved',
      'outcome_unknown',
      'contention',
    ],
  },
  pullRemote: {
    summary: 'Pulls from a remote',
    description:
      'What both have changed is merged; where that is not possible one version stays, the other one is kept on a side branch, and the answer says `conflicts`.',
    tag: 'remotes',
    request: { required: false, schemas: [schemas.runRemote] },
    answers: run,
    errors: [...runs, 'remote_unrelated', 'remote_rewritten', 'remote_moved'],
  },
  pushRemote: {
    summary: 'Pushes to a remote',
    description: 'Never by force. Where the remote has more and may be pulled from, that is done first.',
    tag: 'remotes',
    request: { required: false, schemas: [schemas.runRemote] },
    answers: run,
    errors: [...runs, 'remote_ahead', 'remote_push_refused'],
  },
  pullByHook: hook('Pulls from the remotes that this webhook is of'),
  pullByHookGet: hook('The same, for callers that know GET only'),
  readPullHook: {
    summary: 'Tells how the last pull of a webhook went',
    tag: 'remotes',
    answers: { 200: { description: 'How it went', schema: hookAnswer } },
    errors: ['remote_hook_absent', 'rate_limited'],
  },
} as const satisfies Record<string, Operation>;

function hook(summary: string) {
  return {
    summary,
    description:
      'The path holds HMAC-SHA256 of the URL that is pulled from, with `KITTIWAKE_MAIL_SECRET` or `SECRET_KEY` as the key, in hex; a remote shows it. Treat it as a password.',
    tag: 'remotes',
    answers: {
      200: { description: 'It was pulled', schema: hookAnswer },
      202: { description: 'It is under way; `Location` tells how it goes', schema: hookAnswer },
      502: { description: 'It failed', schema: hookAnswer },
    },
    errors: ['remote_hook_absent', 'rate_limited'],
  } as const;
}
