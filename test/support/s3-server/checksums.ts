import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.ts';

type Headers = Readonly<Record<string, string>>;

const ALGORITHMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'x-amz-checksum-crc32': bytes => crc32Base64(bytes),
  'x-amz-checksum-sha1': bytes => digest('sha1', bytes),
  'x-amz-checksum-sha256': bytes => digest('sha256', bytes),
  'content-md5': bytes => digest('md5', bytes),
};

const CHECKSUM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/**
 * Compares the checksums that came with the bytes.
 * @throws S3Error `BadDigest`; `NotImplemented` for CRC32C and CRC64NVME
 */
export function verifyChecksums(headers: Headers, bytes: Buffer): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'content-md5' && !CHECKSUM.test(name)) continue;
    const algorithm = ALGORITHMS[name];
    if (algorithm === undefined)
      throw new S3Error('NotImplemented', `The checksum ${name} is not known here`);
    if (algorithm(bytes) !== value) {
      throw new S3Error('BadDigest', `The ${name} you specified did not match what was received`);
    }
  }
}

/** The checksums among these headers: they are kept with the object. */
export function checksumHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => CHECKSUM.test(name)));
}

/** True when there is any: some requests must have one. */
export function hasChecksum(headers: Headers): boolean {
  return headers['content-md5'] !== undefined || Object.keys(headers).some(name => CHECKSUM.test(name));
}

function digest(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('base64');
}

function crc32Base64(bytes: Buffer): string {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
}
