import { hashParts } from '../core/bytes.ts';
import { matchesEtag } from '../wiki/etag.ts';
import type { Lock, Read, WriteOptions, Written } from '../wiki/wiki.ts';
import { idempotencyKeyInvalid } from './errors.ts';
import { type HttpResponse, json } from './message.ts';
import type { Context } from './route.ts';

/** Fields of the body that every write takes. */
export interface CommonFields {
  commit_message?: string | null;
  dry_run?: boolean | null;
}

/** @throws KittiwakeError `idempotency_key_invalid` */
export async function writeOptions(
  context: Context,
  fields: CommonFields,
  body: Uint8Array,
): Promise<WriteOptions> {
  const { request, principal } = context;
  const options: WriteOptions = {};
  if (principal.author) options.author = principal.author;
  if (fields.commit_message) options.commitMessage = fields.commit_message;
  if (fields.dry_run) options.dryRun = true;
  if (request.deadlineMs !== undefined) options.deadlineMs = request.deadlineMs;
  const key = request.headers['idempotency-key'];
  if (key !== undefined)
    options.idempotency = await idempotencyOf(context, key, hashParts(request.method, request.path, body));
  return options;
}

/**
 * @param fingerprint of the request, by which another one under the same key is known
 * @throws KittiwakeError `idempotency_key_invalid`
 */
export async function idempotencyOf(
  { services, principal }: Pick<Context, 'services' | 'principal'>,
  key: string,
  fingerprint: string,
): Promise<{ key: string; fingerprint: string }> {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw idempotencyKeyInvalid();
  return { key: hashParts(await services.wikiId(), principal.id, key), fingerprint };
}

/** The conditions of a write: `revision` of the body, and the headers. */
export function lockOf(context: Context, revision?: string | null): Lock {
  const { headers } = context.request;
  const lock: Lock = {};
  if (revision !== undefined && revision !== null) lock.revision = revision;
  if (headers['if-match'] !== undefined) lock.ifMatch = headers['if-match'];
  if (headers['if-none-match'] !== undefined) lock.ifNoneMatch = headers['if-none-match'];
  return lock;
}

/** The answer to a write. A repeat under the same Idempotency-Key says so in `Idempotency-Replayed`. */
export function written(status: number, result: Written<object>): HttpResponse {
  const headers: Record<string, string> = { 'cache-control': 'private, no-cache' };
  if (result.blob !== undefined) headers.etag = `"${result.blob}"`;
  if (result.replayed) headers['idempotency-replayed'] = 'true';
  return json(status, result.body, headers);
}

/** The answer to a read. */
export function answer(body: object): HttpResponse {
  return json(200, body, { 'cache-control': 'private, no-cache' });
}

/** 304 when the caller has it already. */
export function readAnswer(read: Read<object>, ifNoneMatch: string | undefined): HttpResponse {
  const headers = { etag: read.etag, 'cache-control': 'private, no-cache' };
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, read.etag))
    return { status: 304, headers, body: '' };
  return json(200, read.body, headers);
}
