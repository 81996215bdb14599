import { createHash } from 'node:crypto';
import { allowCondition, allowedBucket, type Call, quoted, versionHeaders, xmlAnswer } from './call.ts';
import { checksumHeaders, verifyChecksums } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { keptHeaders } from './object-write.ts';
import type { Answer } from './request.ts';
import { S3Error } from './s3-error.ts';
import type { Part, Upload } from './uploads.ts';
import { elementsOf, textElement, textOf, xmlDocument } from './xml.ts';

const MAX_PART_NUMBER = 10_000;

/** CreateMultipartUpload. */
export function createUpload(call: Call): Answer {
  const { uploads } = allowedBucket(call, 's3:PutObject');
  const { bucket, key } = call.request;
  const { uploadId } = uploads.start(key, keptHeaders(call.headers));
  const content = [textElement('Bucket', bucket), textElement('Key', key), textElement('UploadId', uploadId)];
  return xmlAnswer(xmlDocument('InitiateMultipartUploadResult', content));
}

/** UploadPart; a part that is sent again replaces the earlier one. */
export function uploadPart(call: Call): Answer {
  const { uploads } = allowedBucket(call, 's3:PutObject');
  if (call.headers['x-amz-copy-source'] !== undefined) {
    throw new S3Error('NotImplemented', 'Parts cannot be copied here');
  }
  const upload = uploads.find(uploadIdOf(call), call.request.key);
  const number = Number(call.request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  verifyChecksums(call.headers, call.body);
  const { etag } = uploads.addPart(upload, number, call.body, call.etagOf(call.body));
  return { status: 200, headers: { etag: quoted(etag), ...checksumHeaders(call.headers) } };
}

/** CompleteMultipartUpload, conditional or not. */
export function completeUpload(call: Call): Answer {
  const bucket = allowedBucket(call, 's3:PutObject');
  const { key } = call.request;
  allowCondition(call);
  const repeated = bucket.uploads.completedEtag(uploadIdOf(call));
  if (repeated !== undefined && call.profile.repeatsComplete) return completed(call, repeated, {});
  const upload = bucket.uploads.find(uploadIdOf(call), key);
  const parts = chosenParts(call, upload);
  if (call.profile.hasAllConditions) {
    checkWrite(call, call.headers, bucket.current(key), key, call.request.startedMs);
  }
  const bytes = Buffer.concat(parts.map(part => part.bytes));
  const version = call.state.things.together(() => {
    const etag = multipartEtag(parts);
    bucket.uploads.complete(upload, etag);
    return bucket.put({ key, bytes, etag, headers: upload.headers });
  });
  const told = call.profile.tellsMultipartEtag ? quoted(version.etag) : '';
  return completed(call, told, versionHeaders(bucket, version));
}

function completed(call: Call, etag: string, headers: Record<string, string>): Answer {
  const { bucket, key } = call.request;
  const content = [
    textElement('Location', `/${bucket}/${key}`),
    textElement('Bucket', bucket),
    textElement('Key', key),
    textElement('ETag', etag),
  ];
  const answer = xmlAnswer(xmlDocument('CompleteMultipartUploadResult', content));
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** AbortMultipartUpload. */
export function abortUpload(call: Call): Answer {
  const { uploads } = allowedBucket(call, 's3:AbortMultipartUpload');
  uploads.remove(uploads.find(uploadIdOf(call), call.request.key));
  return { status: 204 };
}

/** The upload that the request names. */
export function uploadIdOf(call: Call): string {
  return call.request.query.get('uploadId') ?? '';
}

/** The parts that the request names, which must be all right. */
function chosenParts(call: Call, upload: Upload): Part[] {
  const wanted = elementsOf(call.body.toString(), 'Part').map(xml => ({
    number: Number(textOf(xml, 'PartNumber')),
    etag: textOf(xml, 'ETag')?.replaceAll('"', ''),
  }));
  if (wanted.length === 0) throw new S3Error('MalformedXML', 'An upload has one part at least');
  if (wanted.some(({ number }, index) => number <= (wanted[index - 1]?.number ?? 0))) {
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const parts = wanted.map(({ number, etag }) => {
    const part = upload.parts.get(number);
    if (part !== undefined && part.etag === etag) return part;
    throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.', {
      PartNumber: String(number),
    });
  });
  const small = parts.slice(0, -1).find(part => part.bytes.length < call.minPartBytes);
  if (small === undefined) return parts;
  throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: String(small.bytes.length),
    MinSizeAllowed: String(call.minPartBytes),
    PartNumber: String(small.number),
  });
}

/** The MD5 of the parts' MD5s, and their number. */
function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}
