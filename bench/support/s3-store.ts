import type { S3Call } from '../../src/storage/s3/client.ts';
import { createS3ByteStore, type S3ByteStore } from '../../src/storage/s3/s3.ts';
import type { S3Target } from './plain-s3.ts';

/** A store below a prefix of a bucket, with connections of its own. */
export function storeAt(
  { endpoint, region, bucket, ...keys }: S3Target,
  prefix: string,
  onCall: (call: S3Call) => void = () => {},
): S3ByteStore {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const variables = { accessKeyId, secretAccessKey, sessionToken };
  return createS3ByteStore({ bucket, prefix, region, endpoint, variables, addressing: 'path', onCall });
}
