import type { ObjectSchema } from '../schema.ts';
import { commitMessage, dryRun, onConflict, revision } from './fields.ts';

/** One change of a batch: the fields of the single call, with `op` and `path`. */
export const change = {
  type: 'object',
  required: ['op', 'path'],
  properties: {
    op: {
      type: 'string',
      enum: ['put', 'patch', 'delete', 'rename', 'restore', 'attach', 'delete_attachment'],
    },
    path: { type: 'string', description: 'Page path.' },
    content: { type: ['string', 'null'], description: 'put, patch with section; attach: base64.' },
    revision,
    expected_revision: { type: ['string', 'null'], description: 'restore.' },
    on_conflict: onConflict,
    old_string: { type: ['string', 'null'], description: 'patch.' },
    new_string: { type: ['string', 'null'], description: 'patch.' },
    section: { type: ['string', 'null'], description: 'patch.' },
    placement: { type: ['string', 'null'], enum: ['replace', 'append', null], description: 'patch.' },
    recursive: { type: ['boolean', 'null'], description: 'delete.' },
    new_path: { type: ['string', 'null'], description: 'rename.' },
    filename: { type: ['string', 'null'], description: 'attach, delete_attachment.' },
  },
} as const satisfies ObjectSchema;

export const batch = {
  type: 'object',
  required: ['changes'],
  properties: {
    changes: { type: 'array', items: change, description: '1 to 1,000 changes, made in order.' },
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

export const revert = {
  type: 'object',
  required: ['revision'],
  properties: {
    revision: { type: 'string', description: 'Commit to undo.' },
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;
