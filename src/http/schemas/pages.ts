import type { ObjectSchema } from '../schema.ts';
import { commitMessage, discardDraft, dryRun, onConflict, revision } from './fields.ts';

/** Bodies of requests about one page. */

export const putPage = {
  type: 'object',
  required: ['content'],
  properties: {
    content: { type: 'string', description: 'The whole page, frontmatter included. Stored as it is.' },
    revision,
    on_conflict: onConflict,
    commit_message: commitMessage,
    dry_run: dryRun,
    discard_draft: discardDraft,
  },
} as const satisfies ObjectSchema;

const read = {
  type: 'string',
  description: 'Revision that was read; 7 or more leading characters.',
} as const;

/** Replaces the one place where `old_string` stands. With If-Match, `revision` may be left out. */
export const patchText = {
  type: 'object',
  required: ['revision', 'old_string', 'new_string'],
  properties: {
    revision: read,
    old_string: { type: 'string', description: 'Must stand exactly once in the page.' },
    new_string: { type: 'string' },
    on_conflict: onConflict,
    commit_message: commitMessage,
    dry_run: dryRun,
    discard_draft: discardDraft,
  },
} as const satisfies ObjectSchema;

/** Replaces a section, or adds to its end. With If-Match, `revision` may be left out. */
export const patchSection = {
  type: 'object',
  required: ['revision', 'section', 'content'],
  properties: {
    revision: read,
    section: { type: 'string', description: 'Title of the section, or its path: "Chapter > Section".' },
    content: { type: 'string', description: 'The new section with its heading line; or what is added.' },
    placement: {
      type: ['string', 'null'],
      enum: ['replace', 'append', null],
      description: 'Default replace.',
    },
    on_conflict: onConflict,
    commit_message: commitMessage,
    dry_run: dryRun,
    discard_draft: discardDraft,
  },
} as const satisfies ObjectSchema;

export const deletePage = {
  type: 'object',
  properties: {
    revision,
    recursive: {
      type: ['boolean', 'null'],
      description: 'Removes sub-pages and attachments too. Default false.',
    },
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

export const renamePage = {
  type: 'object',
  properties: {
    new_path: { type: ['string', 'null'], description: 'Required; looked at after the page has been found.' },
    revision,
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

export const restorePage = {
  type: 'object',
  required: ['revision'],
  properties: {
    revision: { type: 'string', description: 'Commit whose text of the page comes back.' },
    expected_revision: {
      type: ['string', 'null'],
      description: 'Refuses when the newest revision of the page is another one.',
    },
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;
