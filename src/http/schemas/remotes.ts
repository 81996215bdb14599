import type { ObjectSchema } from '../schema.ts';

const fields = {
  branch: {
    type: ['string', 'null'],
    description: 'Branch there. Default: that of its HEAD, or `main` in an empty repository.',
  },
  pull: {
    type: ['boolean', 'null'],
    description: 'Commits are pulled from it. Default: true, unless `push` is set.',
  },
  push: {
    type: ['boolean', 'null'],
    description: 'Commits are pushed to it, never by force. Default false.',
  },
  every_minutes: {
    type: ['integer', 'null'],
    description: 'Minutes from one run to the next, up to 44640. Default 0: none by schedule.',
  },
  after_commits: {
    type: ['boolean', 'null'],
    description: 'Pushes after commits of the wiki. Default false.',
  },
  webhook: {
    type: ['boolean', 'null'],
    description: 'Pulls when the path `hook` is called. Default false.',
  },
  prefer: {
    type: ['string', 'null'],
    enum: ['ours', 'theirs'],
    description:
      'Whose version stays where both have changed the same; the other one is kept aside. Default `ours`.',
  },
  credentials: {
    type: ['string', 'null'],
    description: 'Name of what `KITTIWAKE_REMOTE_CREDENTIALS` holds. Default, and where it is empty: none.',
  },
  active: { type: ['boolean', 'null'], description: 'Something is done of itself. Default true.' },
} as const;

const url =
  'Of https, without user name and password; of http at addresses that `KITTIWAKE_REMOTE_ALLOW` names.';

export const createRemote = {
  type: 'object',
  required: ['name', 'url'],
  properties: {
    name: { type: 'string', description: 'Up to 50 lower-case letters, digits and hyphens.' },
    url: { type: 'string', description: url },
    ...fields,
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const updateRemote = {
  type: 'object',
  properties: { url: { type: ['string', 'null'], description: url }, ...fields },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const runRemote = {
  type: 'object',
  properties: {
    accept_rewritten: {
      type: ['boolean', 'null'],
      description: 'Merges a history that was replaced over there, too. Default false.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const settleConflict = {
  type: 'object',
  properties: {
    delete_branch: {
      type: ['boolean', 'null'],
      description: 'Removes the side branch, too. Default false.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
