import type { Runtime } from '../../core/runtime.ts';
import type { MultipartUploads, Presigned, PresignPart, UploadedPart } from '../byte-store.ts';
import { checkKey } from '../object-key.ts';
import type { BucketAddress } from './address.ts';
import { codeOf, failure } from './answers.ts';
import type { CredentialSource } from './credential-source.ts';
import { notS3 } from './errors.ts';
import { beginUpload, completeUpload, uploadCall, uploadRefused } from './multipart-calls.ts';
import { presignRequest } from './presign.ts';
import type { Target } from './reading.ts';
import type { Signer } from './signer.ts';
import { elements, textOf } from './xml.ts';

export interface MultipartPlace {
  targetOf(key: string): Target;
  address: BucketAddress;
  signer: Signer;
  credentials: CredentialSource;
  runtime: Pick<Runtime, 'now'>;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export function multipartUploads(place: MultipartPlace): MultipartUploads {
  async function asked<T>(key: string, ask: (target: Target) => Promise<T>): Promise<T> {
    checkKey(key);
    const target = place.targetOf(key);
    return await ask(target).catch((error: unknown) => {
      throw failure({ action: 'Uploading', key }, target.place, error);
    });
  }
  return {
    begin: key => asked(key, target => beginUpload(target, {})),
    presignPart: part => presignPart(place, part),
    parts: (key, id) => asked(key, target => listParts(target, id)),
    complete: (key, id, parts) =>
      asked(key, target => {
        const size = parts.reduce((sum, part) => sum + part.size, 0);
        return completeUpload(target, {}, { id, parts, size });
      }),
    abort: (key, id) => asked(key, target => abort(target, id)),
  };
}

async function presignPart(
  { targetOf, address, signer, credentials, runtime }: MultipartPlace,
  { key, id, number, sizeBytes, expiresInSeconds }: PresignPart,
): Promise<Presigned> {
  checkKey(key);
  const part: [string, string][] = [
    ['partNumber', String(number)],
    ['uploadId', id],
  ];
  const request = { method: 'PUT', key, expiresInSeconds, sizeBytes, part } as const;
  return presignRequest(
    address,
    signer,
    targetOf(key).object,
    request,
    await credentials.get(),
    runtime.now(),
  );
}

async function listParts(target: Target, id: string): Promise<UploadedPart[] | undefined> {
  const parts: UploadedPart[] = [];
  for (let marker = '0'; ; ) {
    const query = [['part-number-marker', marker]] as const;
    const answer = await uploadCall(target, {}, 'upload-parts', id, { method: 'GET', query });
    // Ceph says that there is no key.
    if (['NoSuchUpload', 'NoSuchKey'].includes(codeOf(answer) ?? '')) return undefined;
    if (answer.status !== 200) throw uploadRefused(target, answer);
    const xml = answer.bytes.toString();
    if (!xml.includes('<ListPartsResult'))
      throw notS3(
        { action: 'Uploading', key: target.key },
        target.place,
        'answers a listing of parts with something else',
      );
    parts.push(...elements(xml, 'Part').map(partOf));
    const next = textOf(xml, 'NextPartNumberMarker') ?? '0';
    if (textOf(xml, 'IsTruncated') !== 'true' || Number(next) <= Number(marker)) return parts;
    marker = next;
  }
}

function partOf(xml: string): UploadedPart {
  return {
    number: Number(textOf(xml, 'PartNumber')),
    etag: textOf(xml, 'ETag') ?? '',
    size: Number(textOf(xml, 'Size')),
  };
}

async function abort(target: Target, id: string): Promise<void> {
  const answer = await uploadCall(target, {}, 'upload-abort', id, { method: 'DELETE' });
  // 404: it was completed, or aborted before.
  if (answer.status >= 300 && answer.status !== 404) throw uploadRefused(target, answer);
}
