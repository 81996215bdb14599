import { encodePath } from './signer.ts';

export type Addressing = 'auto' | 'path' | 'virtual';

export interface BucketLocation {
  bucket: string;
  region: string;
  /** Of another server than AWS. */
  endpoint?: string | undefined;
  addressing: Addressing;
}

/** Where the objects of a bucket are reached. */
export interface BucketAddress {
  origin: URL;
  /** For the `Host` header. */
  host: string;
  /** Encoded path of the bucket, without a slash at its end. */
  path: string;
}

/** Path style for servers of one's own, which have no name for each bucket, and where a dot breaks the certificate's. */
export function addressOf({ bucket, region, endpoint, addressing }: BucketLocation): BucketAddress {
  const base = new URL(endpoint ?? `https://s3.${region}.${awsDomain(region)}`);
  const isPath =
    addressing === 'auto' ? endpoint !== undefined || bucket.includes('.') : addressing === 'path';
  const root = base.pathname.replace(/\/+$/, '');
  if (isPath) return { origin: base, host: base.host, path: `${root}/${encodePath(bucket)}` };
  const origin = new URL(`${base.protocol}//${bucket}.${base.host}`);
  return { origin, host: origin.host, path: root };
}

/** True for AWS itself, also by a name of its own such as that of a private link. */
export function isAws(endpoint: string | undefined): boolean {
  return endpoint === undefined || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

function awsDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
