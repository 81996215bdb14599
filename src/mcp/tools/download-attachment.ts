import type { ContentBlock } from '@modelcontextprotocol/server';
import { isKittiwakeError } from '../../core/errors.ts';
import type { OpenAttachment, Wiki } from '../../wiki/wiki.ts';
import { object, text, whole } from '../answer-schema.ts';
import { attachmentUri } from '../resource-uri.ts';
import { defineTool, READS, type ToolAnswer } from '../tool.ts';
import * as fields from './fields.ts';

/** Of an attachment that is answered whole, in bytes. */
const MAX_INLINE_BYTES = 1 << 20;

export const downloadAttachment = defineTool({
  name: 'download_attachment',
  title: 'Download an attachment',
  description:
    'Gives the content of a file that is attached to a page, in base64; images are shown, too. Of a file above 1 MiB it gives a link, where the store of the wiki has such links.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path', 'filename'],
    properties: {
      path: fields.path,
      filename: { type: 'string', maxLength: 1024, description: 'Name as list_attachments shows it.' },
    },
  },
  output: object({ filename: text, mime_type: text, size: whole, uri: text, content: text, url: text }, [
    'content',
    'url',
  ]),
  async run({ path, filename }, { services, deadlineMs }) {
    const wiki = await services.wiki();
    const file = await wiki.openAttachment(path, filename);
    if (file.size > MAX_INLINE_BYTES) return await linked(wiki, file, { path, filename, deadlineMs });
    const { body } = await wiki.readAttachment(path, filename);
    const header = `${body.filename} (${body.mime_type}, ${body.size} bytes)`;
    return {
      text: `${header}\n\n${body.content}`,
      data: { ...body, uri: attachmentUri(path, filename) },
      more: imageOf(body),
    };
  },
});

type Image = Extract<ContentBlock, { type: 'image' }>;

function imageOf({ content, mime_type: mimeType }: { content: string; mime_type: string }): Image[] {
  const isShown = /^image\/(?:png|jpeg|gif|webp)$/.test(mimeType);
  return isShown ? [{ type: 'image', data: content, mimeType }] : [];
}

interface Wanted {
  path: string;
  filename: string;
  deadlineMs?: number | undefined;
}

/** In place of a content that has no room in an answer. */
async function linked(wiki: Wiki, file: OpenAttachment, wanted: Wanted): Promise<ToolAnswer> {
  const { path, filename } = wanted;
  const { size, contentType } = file;
  const url = await urlOf(wiki, wanted);
  const how =
    url === undefined
      ? `Read it with GET /api/v1/pages/PATH/attachments/FILE?download=raw of the wiki's API.`
      : `It can be downloaded here for a while, by whoever knows the address:\n${url}`;
  return {
    text: `${filename} (${contentType}, ${size} bytes) is too large to be answered whole.\n${how}`,
    data: {
      filename,
      mime_type: contentType,
      size,
      uri: attachmentUri(path, filename),
      ...(url === undefined ? {} : { url }),
    },
  };
}

/** Undefined: the store has no such addresses. */
async function urlOf(wiki: Wiki, { path, filename, deadlineMs }: Wanted): Promise<string | undefined> {
  try {
    const options = deadlineMs === undefined ? {} : { deadlineMs };
    return (await wiki.presignAttachment(path, filename, options)).url;
  } catch (error) {
    if (isKittiwakeError(error, 'presign_unsupported')) return undefined;
    throw error;
  }
}
