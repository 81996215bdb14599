import { conform, conformOptional, receive } from '../body.ts';
import type { HttpResponse } from '../message.ts';
import { sliceOf } from '../paging.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/attachments.ts';
import { answer, lockOf, readAnswer, writeOptions, written } from '../write.ts';

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

export async function readAttachment({ params, request, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const read = await wiki.readAttachment(params.path ?? '', params.file ?? '');
  return readAnswer(read, request.headers['if-none-match']);
}

export async function putAttachment(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
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
