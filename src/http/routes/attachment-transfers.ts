import { matchesEtag } from '../../wiki/etag.ts';
import { type BodyTexts, conform, present, type RawBody } from '../body.ts';
import { lengthRequired } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { receivedChunks } from '../received-chunks.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/attachments.ts';
import { lockOf, writeOptions, written } from '../write.ts';

const uploadTexts: BodyTexts = {
  absent: "Request body must include 'filename' field",
  missing: field => `Request body must include '${field}' field`,
};

/** The bytes as they are, to be saved: a browser neither shows nor runs them. */
export async function downloadRaw({ params, request, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const file = await wiki.openAttachment(params.path ?? '', params.file ?? '');
  const headers = { etag: file.etag, 'cache-control': 'private, no-cache' };
  const ifNoneMatch = request.headers['if-none-match'];
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, file.etag))
    return { status: 304, headers, body: '' };
  const { size, contentType, disposition, chunks } = file;
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': contentType,
      'content-disposition': disposition,
      'content-length': String(size),
    },
    body: chunks,
  };
}

/** Sends the client on to the store. */
export async function downloadPresigned({ params, request, services }: Context): Promise<HttpResponse> {
  const wiki = await services.wiki();
  const { path = '', file = '' } = params;
  const presigned = await wiki.presignAttachment(path, file, present({ deadlineMs: request.deadlineMs }));
  return json(307, presigned, { location: presigned.url, 'cache-control': 'no-store' });
}

/** Answers with a URL for an upload. */
export async function prepareUpload(context: Context, raw: RawBody): Promise<HttpResponse> {
  const body = conform(raw, schemas.prepareUpload, uploadTexts);
  const wiki = await context.services.wiki();
  const { filename, size, sha256 } = body;
  const target = { path: context.params.path ?? '', filename, ...lockOf(context, body.revision) };
  const prepared = await wiki.prepareUpload({
    ...target,
    size,
    sha256,
    contentType: body.content_type ?? undefined,
  });
  return json(200, prepared, { 'cache-control': 'no-store' });
}

/** Attaches what was uploaded. */
export async function commitUpload(context: Context, raw: RawBody): Promise<HttpResponse> {
  const body = conform(raw, schemas.commitUpload, uploadTexts);
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const { filename, upload } = body;
  const input = { path: context.params.path ?? '', filename, upload, ...lockOf(context, body.revision) };
  return written(201, await wiki.commitUpload(input, options));
}

/** Attaches the body of the request, which is never held as a whole. */
export async function attachBody(context: Context, filename: string): Promise<HttpResponse> {
  const { request, query, params, services } = context;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding !== undefined || (length === undefined && !(request.body instanceof Uint8Array)))
    throw lengthRequired();
  const { body } = request;
  const size = body instanceof Uint8Array ? body.byteLength : Number(length);
  const fields = { commit_message: query.get('commit_message') ?? null };
  const options = await writeOptions(context, fields, Buffer.from(request.query));
  const wiki = await services.wiki();
  const content = receivedChunks(body);
  const input = { path: params.path ?? '', filename, size, content, ...lockOf(context) };
  return written(201, await wiki.attachStream(input, options));
}
