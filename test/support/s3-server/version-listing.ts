import type { Bucket, ObjectVersion } from './bucket.ts';
import { allowedBucket, type Call, quoted, xmlAnswer } from './call.ts';
import { isoTime } from './list-time.ts';
import { keyElement, limitOf, refuseDelimiter } from './object-listing.ts';
import type { Answer } from './request.ts';
import { element, textElement, xmlDocument } from './xml.ts';

/** ListObjectVersions: by key, the newest version of each first; delete markers among them. */
export function listVersions(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:ListBucketVersions');
  const { query } = call.request;
  refuseDelimiter(query);
  const limit = limitOf(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const found: ObjectVersion[] = [];
  for (const version of versionsAfter(bucket, prefix, query)) {
    found.push(version);
    if (found.length > limit) break;
  }
  const isTruncated = limit > 0 && found.length > limit;
  const told = found.slice(0, limit);
  const content = [
    textElement('Name', call.request.bucket),
    keyElement(call, 'Prefix', prefix),
    ...(isTruncated ? nextMarkers(call, told.at(-1)) : []),
    textElement('MaxKeys', limit),
    textElement('IsTruncated', isTruncated),
    ...told.map(version => versionXml(call, bucket, version)),
  ];
  return xmlAnswer(xmlDocument('ListVersionsResult', content));
}

function nextMarkers(call: Call, last: ObjectVersion | undefined): string[] {
  return [
    keyElement(call, 'NextKeyMarker', last?.key ?? ''),
    textElement('NextVersionIdMarker', last?.versionId ?? ''),
  ];
}

function* versionsAfter(
  bucket: Bucket,
  prefix: string,
  query: ReadonlyMap<string, string>,
): Generator<ObjectVersion> {
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker');
  for (const key of bucket.keys.from(prefix, keyMarker)) {
    const versions = bucket.versionsOf(key).toReversed();
    if (key !== keyMarker || keyMarker === '') yield* versions;
    else if (versionMarker !== undefined) {
      yield* versions.slice(versions.findIndex(version => version.versionId === versionMarker) + 1);
    }
  }
}

function versionXml(call: Call, bucket: Bucket, version: ObjectVersion): string {
  const content = [
    keyElement(call, 'Key', version.key),
    textElement('VersionId', version.versionId),
    textElement('IsLatest', bucket.versionsOf(version.key).at(-1) === version),
    textElement('LastModified', isoTime(call.profile, version.modifiedMs)),
  ];
  if (version.isDeleteMarker) return element('DeleteMarker', content);
  return element('Version', [
    ...content,
    textElement('ETag', quoted(version.etag)),
    textElement('Size', version.bytes.length),
    textElement('StorageClass', 'STANDARD'),
  ]);
}
