import type { Versioning } from './bucket.ts';
import { allow, allowedBucket, type Call, xmlAnswer } from './call.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';
import { textElement, textOf, xmlDocument } from './xml.ts';

/** HeadBucket. */
export function headBucket(call: Call): Answer {
  allowedBucket(call, 's3:ListBucket');
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
}

/** CreateBucket, in the server's region. */
export function createBucket(call: Call): Answer {
  const { bucket } = call.request;
  allow(call, 's3:CreateBucket', '');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: bucket });
  }
  if (call.state.findBucket(bucket) === undefined) call.state.createBucket(bucket, call.region);
  else if (call.profile.refusesOwnBucket) {
    throw new S3Error('BucketAlreadyOwnedByYou', 'You already own it.', { BucketName: bucket });
  }
  return { status: 200, headers: { location: `/${bucket}` } };
}

/** PutBucketVersioning. */
export function putVersioning(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:PutBucketVersioning');
  const status = textOf(call.body.toString(), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new S3Error('MalformedXML', 'The status must be Enabled or Suspended');
  }
  bucket.setVersioning(status satisfies Versioning);
  return { status: 200 };
}

/** GetBucketVersioning. */
export function getVersioning(call: Call): Answer {
  const { versioning } = allowedBucket(call, 's3:GetBucketVersioning').fields;
  const content = versioning === 'Off' ? [] : [textElement('Status', versioning)];
  return xmlAnswer(xmlDocument('VersioningConfiguration', content));
}
