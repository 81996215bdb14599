import type { Bucket, ObjectVersion } from './bucket.ts';
import { type Call, homeBucket, xmlAnswer } from './call.ts';
import { hasChecksum, verifyChecksums } from './checksums.ts';
import { checkDelete } from './conditions.ts';
import { removeObject } from './object-write.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';
import { element, elementsOf, textElement, textOf, xmlDocument } from './xml.ts';

const MAX_DELETED = 1000;

interface Wanted {
  key: string;
  versionId: string | undefined;
  etag: string | undefined;
}

/** DeleteObjects: each object on its own; the answer tells what became of each. */
export function deleteObjects(call: Call): Answer {
  const bucket = homeBucket(call);
  if (!hasChecksum(call.headers)) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  verifyChecksums(call.headers, call.body);
  const xml = call.body.toString();
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  const results = wantedOf(xml).map(wanted => deleteOne(call, bucket, wanted));
  const told = results.filter(result => !isQuiet || result.startsWith('<Error>'));
  return xmlAnswer(xmlDocument('DeleteResult', told));
}

function wantedOf(xml: string): Wanted[] {
  const objects = elementsOf(xml, 'Object');
  if (objects.length === 0 || objects.length > MAX_DELETED) {
    throw new S3Error('MalformedXML', `1 to ${MAX_DELETED} objects can be deleted at once`);
  }
  return objects.map(object => {
    const key = textOf(object, 'Key');
    if (key === undefined) throw new S3Error('MalformedXML', 'An object has no key');
    return { key, versionId: textOf(object, 'VersionId'), etag: textOf(object, 'ETag') };
  });
}

function deleteOne(call: Call, bucket: Bucket, { key, versionId, etag }: Wanted): string {
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  try {
    if (!call.may(action, key)) throw new S3Error('AccessDenied', 'Access Denied');
    checkDelete(call, etag === undefined ? {} : { 'if-match': etag }, bucket.current(key));
    return deleted(key, versionId, removeObject(bucket, key, versionId));
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return element('Error', [
      textElement('Key', key),
      textElement('Code', error.code),
      textElement('Message', error.message),
    ]);
  }
}

function deleted(key: string, versionId: string | undefined, gone: ObjectVersion | undefined): string {
  const marker = gone?.isDeleteMarker
    ? [textElement('DeleteMarker', true), textElement('DeleteMarkerVersionId', gone.versionId)]
    : [];
  const version = versionId === undefined ? [] : [textElement('VersionId', versionId)];
  return element('Deleted', [textElement('Key', key), ...version, ...marker]);
}
