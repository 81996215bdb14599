import type { ObjectSchema } from '../schema.ts';
import { commitMessage, dryRun, revision } from './fields.ts';

const filename = {
  type: 'string',
  description: 'Made safe: letters, digits, dot, hyphen and underscore stay.',
} as const;

export const putAttachment = {
  type: 'object',
  required: ['filename', 'content'],
  properties: {
    filename,
    content: { type: 'string', contentEncoding: 'base64', description: 'At most 10 MiB decoded.' },
    revision,
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

/** Asks for a URL for an upload. */
export const prepareUpload = {
  type: 'object',
  required: ['filename', 'upload', 'size', 'sha256'],
  properties: {
    filename,
    upload: { type: 'string', enum: ['presigned'] },
    size: { type: 'integer', description: 'Bytes.' },
    sha256: { type: 'string', description: 'Of the bytes: 64 hex digits.' },
    content_type: {
      type: ['string', 'null'],
      description: 'Content-Type of the upload request. Default: by the name.',
    },
    revision,
  },
} as const satisfies ObjectSchema;

/** Attaches what was uploaded. */
export const commitUpload = {
  type: 'object',
  required: ['filename', 'upload'],
  properties: {
    filename,
    upload: { type: 'string', description: 'The id that came with the URL.' },
    revision,
    commit_message: commitMessage,
    dry_run: dryRun,
  },
} as const satisfies ObjectSchema;

export const deleteAttachment = {
  type: 'object',
  properties: { revision, commit_message: commitMessage, dry_run: dryRun },
} as const satisfies ObjectSchema;
