import type { Template } from './cloudformation.ts';
import { type Access, bucketStatements, functionStatements, isAllowed, isDenied } from './iam.ts';
import type { RequestRecord } from './s3-server/request-log.ts';

type Seen = Pick<RequestRecord, 'operation' | 'bucket' | 'key' | 'headers'>;

/** What IAM asks of a request: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const ACTIONS: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteObject: 's3:DeleteObject',
  DeleteObjects: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
  HeadBucket: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
};

/** These make an object; the others at most a part of one. */
const CREATING = new Set(['PutObject', 'CompleteMultipartUpload', 'CopyObject']);

/**
 * What a request needs. A conditional write also reads. Of DeleteObjects a record has no keys, these stand in its body: give
 * them as `deleted`.
 */
export function accessOf(request: Seen, deleted: readonly string[] = []): Access[] {
  const { operation, bucket, key, headers } = request;
  const action = ACTIONS[operation];
  if (action === undefined) throw new Error(`no permission is known for ${operation}`);
  const arn = `arn:aws:s3:::${bucket}`;
  const context = contextOf(request);
  if (operation === 'DeleteObjects') {
    return deleted.map(each => ({ action, resource: `${arn}/${each}`, context }));
  }
  const access = { action, resource: key === '' ? arn : `${arn}/${key}`, context };
  const isConditional = headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
  const alsoReads = action === 's3:PutObject' && isConditional;
  return alsoReads ? [access, { ...access, action: 's3:GetObject' }] : [access];
}

function contextOf({ operation, headers }: Seen): Record<string, string> {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  return {
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    's3:ObjectCreationOperation': String(CREATING.has(operation)),
    ...(ifMatch === undefined ? {} : { 's3:if-match': ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { 's3:if-none-match': ifNoneMatch }),
  };
}

/** Those requests of a function that AWS would refuse, each as a line; none in a stack that fits its functions. */
export function refusedRequests(
  template: Template,
  functionId: string,
  requests: readonly Seen[],
  names?: Parameters<typeof functionStatements>[2],
): string[] {
  const role = functionStatements(template, functionId, names);
  const bucket = bucketStatements(template, names);
  return requests.flatMap(request =>
    accessOf(request)
      .filter(access => !isAllowed(role, access) || isDenied(bucket, access))
      .map(({ action, resource }) => `${request.operation} needs ${action} on ${resource}`),
  );
}

/** Whether the role of a function allows what a server is asked for: to be set as its `permissions`. */
export function permissionsOf(
  template: Template,
  functionId: string,
  names?: Parameters<typeof functionStatements>[2],
): (asked: { action: string; bucket: string; key: string }) => boolean {
  const role = functionStatements(template, functionId, names);
  return ({ action, bucket, key }) => {
    const arn = `arn:aws:s3:::${bucket}`;
    return isAllowed(role, { action, resource: key === '' ? arn : `${arn}/${key}` });
  };
}
