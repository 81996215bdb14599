import type { CallOptions, WriteOptions } from '../byte-store.ts';
import { codeOf, refusal } from './answers.ts';
import type { S3Request } from './client.ts';
import { s3Failed } from './errors.ts';
import type { Target } from './reading.ts';
import type { HttpAnswer } from './transport.ts';
import { escapeXml, textOf } from './xml.ts';

export interface SentPart {
  number: number;
  etag: string;
}

/** Returns the id of the upload. */
export async function beginUpload(target: Target, { http, ...options }: WriteOptions): Promise<string> {
  const query = [['uploads', '']] as const;
  const request = { method: 'POST', query, repeatable: true, headers: { ...http } } as const;
  const answer = await callOf(target, options, 'upload-begin', request);
  const id = textOf(answer.bytes.toString(), 'UploadId');
  if (answer.status !== 200 || id === undefined) throw uploadRefused(target, answer);
  return id;
}

/** @param size of the object to be */
export async function completeUpload(
  target: Target,
  options: CallOptions,
  { id, parts, size }: { id: string; parts: readonly SentPart[]; size: number },
): Promise<void> {
  const sorted = parts.toSorted((a, b) => a.number - b.number);
  const list = sorted.map(
    ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
  );
  const body = [Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`)];
  const answer = await uploadCall(target, options, 'upload-complete', id, { method: 'POST', body });
  const isDone = answer.status === 200 && answer.bytes.includes('<CompleteMultipartUploadResult');
  if (!isDone && !(await isThere(target, options, answer, size))) throw uploadRefused(target, answer);
}

/** A completion whose answer was lost has completed the upload: the second one finds none. */
async function isThere(
  target: Target,
  options: CallOptions,
  answer: HttpAnswer,
  size: number,
): Promise<boolean> {
  if (codeOf(answer) !== 'NoSuchUpload') return false;
  const head = await callOf(target, options, 'head', { method: 'HEAD', repeatable: true });
  return head.status === 200 && Number(head.headers['content-length']) === size;
}

/** What an upload is asked for: it may be asked again. */
export function uploadCall(
  target: Target,
  options: CallOptions,
  operation: string,
  id: string,
  {
    query = [],
    ...request
  }: Pick<S3Request, 'method' | 'body'> & { query?: readonly (readonly [string, string])[] },
): Promise<HttpAnswer> {
  return callOf(target, options, operation, {
    ...request,
    query: [...query, ['uploadId', id]],
    repeatable: true,
  });
}

function callOf(
  { client, key, object }: Target,
  { signal }: CallOptions,
  operation: string,
  request: Pick<S3Request, 'method' | 'body' | 'query' | 'repeatable' | 'headers'>,
): Promise<HttpAnswer> {
  return client.call({ ...request, operation, key, object, signal });
}

/** A completion may answer 200 and have failed all the same. */
export function uploadRefused({ key, place }: Target, answer: HttpAnswer): Error {
  const doing = { action: 'Uploading', key };
  if (answer.status !== 200) return refusal(doing, place, answer);
  const code = textOf(answer.bytes.toString(), 'Code') ?? 'no S3 answer';
  return s3Failed(doing, place, `${place.endpoint} answered 200 with ${code}`);
}
