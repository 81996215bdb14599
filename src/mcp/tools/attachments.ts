import { sliceOf } from '../../http/paging.ts';
import { flag, listOf, object, text, textOrNull, whole, written } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { cut, pageOf } from '../paging.ts';
import { attachmentUri } from '../resource-uri.ts';
import { defineTool, READS } from '../tool.ts';
import { outcomeText } from '../tried-out.ts';
import { writeOptions } from '../write-options.ts';
import * as fields from './fields.ts';

const MAX_ATTACHMENTS = 1000;

const filename = {
  type: 'string',
  maxLength: 1024,
  description: 'Name of the file, as list_attachments shows it.',
} as const;

const lock = {
  ...fields.readRevision,
  description: 'Refuse if the newest revision of the attachment is another one.',
} as const;

export const listAttachments = defineTool({
  name: 'list_attachments',
  title: 'List attachments',
  description: 'Lists the files that are attached to a page.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path'],
    properties: {
      path: fields.path,
      limit: fields.limit(MAX_ATTACHMENTS, MAX_ATTACHMENTS),
      cursor: fields.cursor,
    },
  },
  output: object(
    {
      path: text,
      attachments: listOf(
        object({ filename: text, mime_type: text, size: whole, last_modified: textOrNull, uri: text }),
      ),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  async run({ path, limit, cursor }, { services }) {
    const body = await (await services.wiki()).listAttachments(path);
    const { items, ...next } = sliceOf(body.attachments, pageOf(limit, cursor), {
      maxItems: MAX_ATTACHMENTS,
      keyOf: attachment => attachment.filename,
    });
    const lines = [
      `Attachments for ${body.path} (${body.total}):`,
      ...items.map(each => `- ${each.filename} (${each.mime_type}, ${each.size} bytes)`),
      ...cut(next),
    ];
    const attachments = items.map(each => ({ ...each, uri: attachmentUri(body.path, each.filename) }));
    return { text: lines.join('\n'), data: { path: body.path, attachments, total: body.total, ...next } };
  },
});

export const uploadAttachment = defineTool({
  name: 'upload_attachment',
  title: 'Upload an attachment',
  description: 'Attaches a file to a page, or replaces the one of that name. At most 10 MiB.',
  right: 'upload',
  effects: { readOnly: false, destructive: true, idempotent: true },
  input: {
    type: 'object',
    required: ['path', 'filename', 'content'],
    properties: {
      path: fields.path,
      filename: { ...filename, description: 'Made safe: letters, digits, dot, hyphen and underscore stay.' },
      content: { type: 'string', contentEncoding: 'base64', description: 'The file in base64.' },
      revision: lock,
      ...fields.writing,
    },
  },
  output: written({ path: text, filename: text, mime_type: text, size: whole }),
  async run(args, session) {
    const { path, filename, content, revision } = args;
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'upload_attachment', args });
    const { body } = await wiki.putAttachment({ path, filename, content, ...given({ revision }) }, options);
    const done = `Uploaded ${body.filename} to ${body.path} (${body.size} bytes)`;
    return { text: outcomeText(done, body), data: body };
  },
});

export const deleteAttachment = defineTool({
  name: 'delete_attachment',
  title: 'Delete an attachment',
  description: 'Deletes a file that is attached to a page.',
  right: 'write',
  effects: { readOnly: false, destructive: true },
  input: {
    type: 'object',
    required: ['path', 'filename'],
    properties: { path: fields.path, filename, revision: lock, ...fields.writing },
  },
  output: written({ deleted: flag, filename: text }),
  async run(args, session) {
    const { path, filename, revision } = args;
    const wiki = await session.services.wiki();
    const defaultMessage = `[mcp] Delete attachment: ${path}/${filename}`;
    const options = await writeOptions(session, { tool: 'delete_attachment', args, defaultMessage });
    const { body } = await wiki.deleteAttachment({ path, filename, ...given({ revision }) }, options);
    return { text: outcomeText(`Deleted attachment ${body.filename}`, body), data: body };
  },
});
