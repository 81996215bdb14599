import type { ObjectSchema } from '../schema.ts';
import { commitMessage, dryRun, revision } from './fields.ts';

export const putAttachment = {
  type: 'object',
  required: ['filename', 'content'],
  properties: {
    filename: { type: 'string', description: 'Made safe: letters, digits, dot, hyphen and underscore stay.' },
    content: { type: 'string', contentEncoding: 'base64', description: 'At most 10 MiB decoded.' },
    revision,
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

export const deleteAttachment = {
  type: 'object',
  properties: { revision, commit_message: commitMessage, dry_run: dryRun },
} as const satisfies ObjectSchema;
