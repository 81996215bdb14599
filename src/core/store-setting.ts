/** How a wiki's bytes are reached. */
export type StoreSetting =
  /** `folder` is as configured: relative to the working folder. */
  | { kind: 'file'; folder: string }
  /** `prefix` stands before every key; it may be empty. */
  | { kind: 's3'; bucket: string; prefix: string };

/** A store as users know it. */
export function storeName(store: StoreSetting): string {
  if (store.kind === 'file') return store.folder;
  return `s3://${store.bucket}${store.prefix === '' ? '' : `/${store.prefix}`}`;
}

/** Reads on from "it must be". */
export const STORE_WANTED =
  'file:FOLDER, for example file:./data, or s3://BUCKET/PREFIX with 3 to 63 lower-case letters, digits, dots and hyphens for the bucket';

/** The store that a text names; undefined when it names none. */
export function parseStore(text: string): StoreSetting | undefined {
  if (text.startsWith('s3:')) return parseBucket(text);
  const folder = text.startsWith('file:') ? text.slice(5).replace(/^\/\/(?=\/)/, '') : '';
  return folder === '' || folder.includes('\0') || folder.startsWith('//')
    ? undefined
    : { kind: 'file', folder };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; directory buckets list without order. */
function parseBucket(text: string): StoreSetting | undefined {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*?))?\/?$/.exec(text) ?? [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || /\.\.|--x-s3$/.test(bucket)) return undefined;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return undefined;
  const segments = prefix === '' ? [] : prefix.split('/');
  const isPrefix = segments.every(
    name => /^[\w!#$%&'()+,.;=@-]{1,240}$/.test(name) && !/^\.{1,2}$/.test(name),
  );
  return isPrefix && prefix.length <= 200 ? { kind: 's3', bucket, prefix } : undefined;
}
