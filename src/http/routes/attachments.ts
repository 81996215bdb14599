import { conform, conformOptional, isJsonType, receive } from '../body.ts';
import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import { isObject } from '../schema.ts';
import * as schemas from '../schemas/attachments.ts';
import { answer, lockOf, readAnswer, writeOptions, written } from '../write.ts';
import {
  attachBody,
  commitUpload,
  downloadPresigned,
  downloadRaw,
  prepareUpload,
} from './attachment-transfers.ts';

/** Most entries of one answer; more come with a cursor. */
const MAX_ATTACHMENTS = 10_000;

export async function listAttachments({ params, query, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const { attachments, path, total } = await wiki.listAttachments(params.path ?? '');
  const { items, ...more } = sliceOf(attachments, query, {
    maxItems: MAX_ATTACHMENTS,
    keyOf: attachment => attachment.filename,
  });
  return answer({ attachments: items, path, total, ...more });
}

export async function readAttachment(context: Context): Promise<HttpResponse> {
  const { params, query, request, services } = context;
  const download = query.get('download');
  if (download === 'raw') return downloadRaw(context);
  if (download === 'presigned') return downloadPresigned(context);
  if (download !== undefined) throw queryInvalid('Invalid download: it must be raw or presigned');
  const wiki = await services.wiki();
  const read = await wiki.readAttachment(params.path ?? '', params.file ?? '');
  return readAnswer(read, request.headers['if-none-match']);
}

/** In JSON, uploaded beforehand, or as the body itself. */
export async function putAttachment(context: Context): Promise<HttpResponse> {
  const { query, request } = context;
  const name = query.get('filename');
  if (name !== undefined && !isJsonType(request.headers['content-type'])) return attachBody(context, name);
  const raw = await receive(context);
  if (isObject(raw.value) && typeof raw.value.upload === 'string')
    return raw.value.upload === 'presigned' ? prepareUpload(context, raw) : commitUpload(context, raw);
  const body = conform(raw, schemas.putAttachment, {
    absent: "Request body must include 'filename' and 'content' fields",
  });
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const { filename, content } = body;
  const input = { path: context.params.path ?? '', filename, content, ...lockOf(context, body.revision) };
  return written(201, await wiki.putAttachment(input, options));
}

export async function deleteAttachment(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conformOptional(raw, schemas.deleteAttachment);
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const { path = '', file = '' } = context.params;
  const input = { path, filename: file, ...lockOf(context, body.revision) };
  return written(200, await wiki.deleteAttachment(input, options));
}
