/** Arguments that several tools take. */

export const path = {
  type: 'string',
  maxLength: 2048,
  description: 'Page path as list_notes shows it, for example "Projects/Plan".',
} as const;

/** Which was read, and must be the newest. */
export const readRevision = {
  type: 'string',
  maxLength: 64,
  description:
    'Revision that read_note showed, 7 or more leading characters. If the page has changed since, nothing is written.',
} as const;

/** Of a commit, to be looked at. */
export const commit = {
  type: 'string',
  maxLength: 64,
  description: 'Revision as get_history shows it, 4 or more leading characters.',
} as const;

export const onConflict = {
  type: 'string',
  enum: ['', 'fail', 'merge'],
  description:
    'If the page has changed since: "fail" (the default), or "merge" where both changed other lines.',
} as const;

/** Of every write. */
export const writing = {
  commit_message: {
    type: 'string',
    maxLength: 10_000,
    description: 'What was changed and why, for the history. Default: made from the change.',
  },
  dry_run: { type: 'boolean', description: 'Tell what would be changed, and write nothing. Default false.' },
  idempotency_key: {
    type: 'string',
    maxLength: 255,
    description:
      'Any text of your choice: the same call with the same key is carried out once. For calls that were not answered.',
  },
} as const;

export const cursor = {
  type: 'string',
  maxLength: 4096,
  description: '"next_cursor" of the answer before, for what follows.',
} as const;

/** How many entries are answered at most. */
export const limit = (byDefault: number, most: number) =>
  ({
    type: 'integer',
    minimum: 1,
    maximum: most,
    default: byDefault,
    description: `Most entries, 1 to ${most}. Default ${byDefault}.`,
  }) as const;
