import { deleteObjects } from './batch-delete.ts';
import { createBucket, getVersioning, headBucket, putVersioning } from './bucket-operations.ts';
import type { Operation } from './call.ts';
import { abortUpload, completeUpload, createUpload, uploadPart } from './multipart.ts';
import { listParts, listUploads } from './multipart-listing.ts';
import { listObjects } from './object-listing.ts';
import { getObject } from './object-read.ts';
import { copyObject, deleteObject, putObject } from './object-write.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';
import { listVersions } from './version-listing.ts';

interface Row {
  name: string;
  method: string;
  of: 'bucket' | 'object';
  /** Parameters that must be there. */
  query?: readonly string[];
  /** A header that must be there. */
  header?: string;
  run: Operation;
}

/** The first row that fits is taken: special ones come before general ones. */
const OPERATIONS: readonly Row[] = [
  { name: 'PutBucketVersioning', method: 'PUT', of: 'bucket', query: ['versioning'], run: putVersioning },
  { name: 'GetBucketVersioning', method: 'GET', of: 'bucket', query: ['versioning'], run: getVersioning },
  { name: 'ListObjectsV2', method: 'GET', of: 'bucket', query: ['list-type'], run: listObjects },
  { name: 'ListObjectVersions', method: 'GET', of: 'bucket', query: ['versions'], run: listVersions },
  { name: 'ListMultipartUploads', method: 'GET', of: 'bucket', query: ['uploads'], run: listUploads },
  { name: 'DeleteObjects', method: 'POST', of: 'bucket', query: ['delete'], run: deleteObjects },
  { name: 'HeadBucket', method: 'HEAD', of: 'bucket', run: headBucket },
  { name: 'CreateBucket', method: 'PUT', of: 'bucket', run: createBucket },
  { name: 'CreateMultipartUpload', method: 'POST', of: 'object', query: ['uploads'], run: createUpload },
  { name: 'UploadPart', method: 'PUT', of: 'object', query: ['uploadId', 'partNumber'], run: uploadPart },
  { name: 'CompleteMultipartUpload', method: 'POST', of: 'object', query: ['uploadId'], run: completeUpload },
  { name: 'AbortMultipartUpload', method: 'DELETE', of: 'object', query: ['uploadId'], run: abortUpload },
  { name: 'ListParts', method: 'GET', of: 'object', query: ['uploadId'], run: listParts },
  { name: 'CopyObject', method: 'PUT', of: 'object', header: 'x-amz-copy-source', run: copyObject },
  { name: 'PutObject', method: 'PUT', of: 'object', run: putObject },
  { name: 'GetObject', method: 'GET', of: 'object', run: getObject },
  { name: 'HeadObject', method: 'HEAD', of: 'object', run: getObject },
  { name: 'DeleteObject', method: 'DELETE', of: 'object', run: deleteObject },
];

/** Parameters that choose an operation: without a row for them a request is not the general one. */
const SUBRESOURCES = [
  'acl',
  'cors',
  'delete',
  'lifecycle',
  'location',
  'partNumber',
  'policy',
  'tagging',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
];

/** The operation that a request asks for. */
export function operationOf(request: S3Request): { name: string; run: Operation } {
  const place = request.key === '' ? 'bucket' : 'object';
  const row = OPERATIONS.find(
    each => each.of === place && each.method === request.method && fits(each, request),
  );
  return row ?? { name: 'Unknown', run: refuse };
}

function fits({ query = [], header }: Row, request: S3Request): boolean {
  if (header !== undefined && request.headers[header] === undefined) return false;
  if (!query.every(name => request.query.has(name))) return false;
  return SUBRESOURCES.every(name => query.includes(name) || !request.query.has(name));
}

function refuse(): never {
  throw new S3Error('NotImplemented', 'A header or query you provided implies functionality not implemented');
}
