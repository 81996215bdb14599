import type { ObjectSchema } from '../schema.ts';

/** Bodies of requests about the policy of a wiki. */

const subjects = (description: string) =>
  ({
    type: 'array',
    maxItems: 100,
    items: {
      type: 'string',
      description: 'ANONYMOUS, REGISTERED, APPROVED, ADMIN, `user:E-MAIL`, `group:NAME` or `token:ID`.',
    },
    description,
  }) as const;

const rights = {
  read: subjects('Who may read. Empty: nobody but administrators. Absent: as above.'),
  write: subjects('Who may write, of those who may read.'),
  upload: subjects('Who may attach files, of those who may write.'),
  admin: subjects('Who may change the rules at this path and below it.'),
};

export const putRule = { type: 'object', properties: rights } as const satisfies ObjectSchema;

export const putRules = {
  type: 'object',
  required: ['rules'],
  properties: {
    rules: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['path'],
        properties: {
          path: { type: 'string', description: 'Path of a page; empty: the whole wiki.' },
          ...rights,
        },
      },
    },
  },
} as const satisfies ObjectSchema;

const most = (what: string) =>
  ({
    type: ['integer', 'null'],
    description: `Most ${what}; 0: no limit. Null: as configured. Absent: as it was.`,
  }) as const;

export const putLimits = {
  type: 'object',
  properties: { pages: most('pages'), bytes: most('bytes in the store, with the history') },
  additionalProperties: false,
} as const satisfies ObjectSchema;

const preference = (description: string) => ({ type: ['string', 'null'], description }) as const;
const audience = { enum: ['ANONYMOUS', 'REGISTERED', 'APPROVED', 'ADMIN', null] } as const;

export const patchPreferences = {
  type: 'object',
  properties: {
    READ_ACCESS: { ...preference('Who may read where no rule says it.'), ...audience },
    WRITE_ACCESS: { ...preference('Who may write where no rule says it.'), ...audience },
    ATTACHMENT_ACCESS: { ...preference('Who may attach files where no rule says it.'), ...audience },
    COMMIT_MESSAGE: {
      ...preference('Whether writes bring a message.'),
      enum: ['REQUIRED', 'OPTIONAL', 'DISABLED', null],
    },
    DEFAULT_COMMIT_MESSAGE: preference(
      'Message of writes that bring none: `%P` is the page, and codes of strftime.',
    ),
    HOME_PAGE: preference('The page that a reader sees first.'),
  },
} as const satisfies ObjectSchema;
