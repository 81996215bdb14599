import { plainS3, type S3Target } from '../support/plain-s3.ts';

export interface Replacement {
  target: S3Target;
  key: string;
  /** Of the new object. */
  bytes: number;
}

/**
 * What a cold write asks of the store and nothing else: reads an object, and replaces it on condition of its version by one of so many
 * bytes. Resolves with the status of the answer.
 */
export async function replaceObject({ target, key, bytes }: Replacement): Promise<number> {
  const s3 = plainS3(target);
  const read = await s3('GET', key);
  const body = Buffer.concat([read.body, Buffer.alloc(Math.max(0, bytes - read.body.length), 'new ')]);
  const etag = String(read.headers.etag).replaceAll('"', '');
  const written = await s3('PUT', key, body.subarray(0, bytes), { 'if-match': etag });
  return written.status;
}
