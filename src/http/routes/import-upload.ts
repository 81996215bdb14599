import { conformOptional, receive } from '../body.ts';
import { bodyInvalid, lengthRequired } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { receivedChunks } from '../received-chunks.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/imports.ts';
import { bodyOf, idOf, importsOf } from './imports.ts';

/** The bytes as they are, or a piece of them with Content-Range; never held as a whole. */
export async function sendImportSource(context: Context): Promise<HttpResponse> {
  const { body, headers } = context.request;
  const imports = await importsOf(context);
  const bytes = announcedBytes(context);
  const range = rangeOf(headers['content-range']);
  if (range !== undefined && bytes !== undefined && range.end - range.start !== bytes)
    throw bodyInvalid(`Content-Range has ${range.end - range.start} bytes, Content-Length ${bytes}`);
  const arriving = { offset: range?.start ?? 0, bytes, chunks: receivedChunks(body) };
  const job = await imports.receive(idOf(context), arriving);
  return json(202, bodyOf(imports, job), { 'cache-control': 'no-store' });
}

export async function completeImport(context: Context): Promise<HttpResponse> {
  const { parts } = conformOptional(await receive(context), schemas.completeImport);
  const imports = await importsOf(context);
  const etags = parts === undefined ? undefined : new Map(parts.map(({ number, etag }) => [number, etag]));
  const job = await imports.complete(idOf(context), etags);
  return json(202, bodyOf(imports, job), { 'cache-control': 'no-store' });
}

/** Undefined: it is sent in chunks. @throws KittiwakeError `length_required` */
function announcedBytes({ request: { body, headers } }: Context): number | undefined {
  if (body instanceof Uint8Array) return body.byteLength;
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (length === undefined && coding === undefined) throw lengthRequired();
  return coding === undefined ? Number(length) : undefined;
}

/** `bytes 0-99/1000`, where the whole may be `*` (RFC 9110, 14.4). The end is exclusive. @throws KittiwakeError `body_invalid` */
function rangeOf(header: string | undefined): { start: number; end: number } | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(?:\d{1,15}|\*)$/.exec(header);
  const [start, end] = [Number(match?.[1]), Number(match?.[2]) + 1];
  if (match === null || end <= start)
    throw bodyInvalid(`Content-Range is ${JSON.stringify(header)}, wanted for example "bytes 0-99/1000"`);
  return { start, end };
}
