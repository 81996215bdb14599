import * as attachments from '../schemas/attachments.ts';
import * as answers from './answers.ts';
import type { Operation, Parameter } from './operation.ts';
import {
  cursor,
  etag,
  ifNoneMatchRead,
  limit,
  location,
  lockHeaders,
  queryText,
  replayed,
} from './parameters.ts';
import { attached, places, staleFile } from './refusals.ts';

const download: Parameter = {
  name: 'download',
  description:
    '`raw`: the bytes themselves, of any size. `presigned`: a redirect to where the store has them.',
  schema: { enum: ['raw', 'presigned'] },
};

export const attachmentOperations = {
  listAttachments: {
    summary: 'Lists the attachments of a page',
    tag: 'attachments',
    query: [limit('Most attachments of the answer; default and most 10,000.'), cursor],
    answers: { 200: { description: 'The attachments', schema: answers.attachmentListAnswer } },
    errors: ['page_not_found', 'cursor_invalid'],
  },
  readAttachment: {
    summary: 'Reads an attachment: in base64, as it is, or from the store',
    description:
      'JSON has room for 10 MiB. With `download` the answer is to be saved (Content-Disposition: attachment).',
    tag: 'attachments',
    query: [download],
    headers: [ifNoneMatchRead],
    answers: {
      200: { description: 'The attachment', schema: answers.attachmentAnswer, headers: [etag], bytes: true },
      304: { description: 'What is at hand still holds', headers: [etag] },
      307: {
        description: 'With `download=presigned`: for an hour',
        schema: answers.presignedAnswer,
        headers: [location],
      },
    },
    errors: [
      'page_not_found',
      'attachment_not_found',
      'attachment_not_inline',
      'presign_unsupported',
      'answer_too_large',
      'deadline_exceeded',
    ],
  },
  putAttachment: {
    summary: 'Attaches a file to a page, or replaces it',
    description:
      'In base64; or as the body itself, of any type but JSON, with the query parameter `filename`; or past this server: `"upload": "presigned"` answers with a URL, and when the bytes are there, `"upload": "<id>"` attaches them.',
    tag: 'attachments',
    query: [
      queryText('filename', 'Of a body that is not JSON.'),
      queryText('commit_message', 'Of the commit for such a body.'),
    ],
    headers: lockHeaders,
    request: {
      required: true,
      schemas: [attachments.putAttachment, attachments.prepareUpload, attachments.commitUpload],
      bytes: true,
    },
    answers: {
      200: {
        description: 'Where to send the bytes; nothing is attached',
        schema: answers.prepareUploadAnswer,
      },
      201: { description: 'Attached', schema: answers.putAttachmentAnswer, headers: [etag, replayed] },
    },
    errors: [
      ...attached,
      'page_not_found',
      ...places,
      'presign_unsupported',
      'upload_invalid',
      'upload_not_found',
      'upload_expired',
      'upload_differs',
      'length_required',
      'packs_collected',
      ...staleFile,
    ],
  },
  deleteAttachment: {
    summary: 'Deletes an attachment',
    tag: 'attachments',
    headers: lockHeaders,
    request: { required: false, schemas: [attachments.deleteAttachment] },
    answers: { 200: { description: 'Deleted', schema: answers.deleteAttachmentAnswer, headers: [replayed] } },
    errors: ['page_not_found', 'attachment_not_found', ...staleFile],
  },
} as const satisfies Record<string, Operation>;
