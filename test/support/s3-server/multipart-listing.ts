import { allowedBucket, type Call, quoted, xmlAnswer } from './call.ts';
import { isoTime } from './list-time.ts';
import { uploadIdOf } from './multipart.ts';
import { keyElement, limitOf, refuseDelimiter } from './object-listing.ts';
import type { Answer } from './request.ts';
import type { Part, Upload } from './uploads.ts';
import { element, textElement, xmlDocument } from './xml.ts';

/** ListMultipartUploads. */
export function listUploads(call: Call): Answer {
  const { uploads } = allowedBucket(call, 's3:ListBucketMultipartUploads');
  const { query, bucket } = call.request;
  refuseDelimiter(query);
  const limit = limitOf(query, 'max-uploads');
  const prefix = query.get('prefix') ?? '';
  const left = afterMarker(uploads.list(prefix), query);
  const found = left.slice(0, limit);
  const content = [
    textElement('Bucket', bucket),
    keyElement(call, 'Prefix', prefix),
    keyElement(call, 'NextKeyMarker', found.at(-1)?.key ?? ''),
    textElement('NextUploadIdMarker', found.at(-1)?.uploadId ?? ''),
    textElement('MaxUploads', limit),
    textElement('IsTruncated', left.length > limit),
    ...found.map(upload => uploadXml(call, upload)),
  ];
  return xmlAnswer(xmlDocument('ListMultipartUploadsResult', content));
}

/** ListParts. */
export function listParts(call: Call): Answer {
  const { uploads } = allowedBucket(call, 's3:ListMultipartUploadParts');
  const { query, bucket, key } = call.request;
  const upload = uploads.find(uploadIdOf(call), key);
  const limit = limitOf(query, 'max-parts');
  const after = Number(query.get('part-number-marker') ?? 0);
  const numbered = [...upload.parts.values()].sort((a, b) => a.number - b.number);
  const left = numbered.filter(part => part.number > after);
  const found = left.slice(0, limit);
  const content = [
    textElement('Bucket', bucket),
    textElement('Key', key),
    textElement('UploadId', upload.uploadId),
    textElement('PartNumberMarker', after),
    textElement('NextPartNumberMarker', found.at(-1)?.number ?? 0),
    textElement('MaxParts', limit),
    textElement('IsTruncated', left.length > limit),
    ...found.map(part => partXml(call, part)),
  ];
  return xmlAnswer(xmlDocument('ListPartsResult', content));
}

function afterMarker(uploads: Upload[], query: ReadonlyMap<string, string>): Upload[] {
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const at = uploads.findIndex(upload => upload.key === keyMarker && upload.uploadId === idMarker);
  if (at !== -1) return uploads.slice(at + 1);
  return uploads.filter(upload => upload.key > keyMarker);
}

function uploadXml(call: Call, { key, uploadId, startedMs }: Upload): string {
  return element('Upload', [
    keyElement(call, 'Key', key),
    textElement('UploadId', uploadId),
    textElement('Initiated', isoTime(call.profile, startedMs)),
  ]);
}

function partXml(call: Call, { number, etag, bytes, modifiedMs }: Part): string {
  return element('Part', [
    textElement('PartNumber', number),
    textElement('LastModified', isoTime(call.profile, modifiedMs)),
    textElement('ETag', quoted(etag)),
    textElement('Size', bytes.length),
  ]);
}
