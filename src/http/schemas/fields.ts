/** Fields that several request bodies share. */

export const revision = {
  type: ['string', 'null'],
  description:
    'Revision that was read, 7 or more leading characters: another newest revision refuses the write.',
} as const;

export const commitMessage = {
  type: ['string', 'null'],
  description: 'Used as it is. Default: "[api] <Action>: <subject>".',
} as const;

export const dryRun = {
  type: ['boolean', 'null'],
  description: 'Answers what would happen, with the changes, and commits nothing. Default false.',
} as const;

export const discardDraft = {
  type: ['boolean', 'null'],
  description: "Deletes the caller's draft of the page once it is saved. Default false.",
} as const;

export const onConflict = {
  type: ['string', 'null'],
  enum: ['fail', 'merge', null],
  description:
    'What a stale revision leads to: fail (the default), or a three-way merge with the text of that revision.',
} as const;
