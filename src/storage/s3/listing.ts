import type { CallOptions, Listing } from '../byte-store.ts';
import { isKey, maxListed } from '../object-key.ts';
import { failure, refusal } from './answers.ts';
import type { S3Client } from './client.ts';
import { notS3 } from './errors.ts';
import type { Doing, Place } from './place.ts';
import { elements, textOf } from './xml.ts';

export interface ListTarget {
  client: S3Client;
  place: Place;
  /** What stands before every key in the bucket. */
  root: string;
}

export type ListOptions = { after?: string; limit?: number } & CallOptions;

type Listed = Listing['objects'][number];

/** One page of keys. What others put beside our objects is passed over. */
export async function listObjects(
  target: ListTarget,
  prefix: string,
  options: ListOptions,
): Promise<Listing> {
  let after = options.after === undefined || options.after === '' ? '' : target.root + options.after;
  for (;;) {
    const page = await readPage(target, prefix, after, options);
    const objects = page.objects.flatMap(object => {
      const key = object.key.slice(target.root.length);
      return isKey(key) ? [{ ...object, key }] : [];
    });
    if (objects.length > 0 || !page.more) return { objects, more: page.more };
    after = page.objects.at(-1)?.key ?? '';
  }
}

/** ListObjectsV2. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function readPage(
  { client, place, root }: ListTarget,
  prefix: string,
  after: string,
  { limit, signal }: ListOptions,
): Promise<Listing> {
  const doing: Doing = { action: 'Listing', key: prefix };
  const query: [string, string][] = [
    ['list-type', '2'],
    ['encoding-type', 'url'],
    ['max-keys', String(Math.min(limit ?? maxListed, maxListed))],
    ['prefix', root + prefix],
  ];
  if (after !== '') query.push(['start-after', after]);
  const request = { operation: 'list', key: prefix, method: 'GET', query, repeatable: true, signal } as const;
  const answer = await client.call(request).catch((error: unknown) => {
    throw failure(doing, place, error, signal);
  });
  if (answer.status !== 200) throw refusal(doing, place, answer);
  const xml = answer.bytes.toString();
  if (!xml.includes('<ListBucketResult')) throw notS3(doing, place, 'answers a listing with something else');
  const objects = elements(xml, 'Contents').map(parseObject);
  return { objects, more: textOf(xml, 'IsTruncated') === 'true' && objects.length > 0 };
}

function parseObject(xml: string): Listed {
  return {
    key: decodeURIComponent((textOf(xml, 'Key') ?? '').replaceAll('+', ' ')),
    size: Number(textOf(xml, 'Size')),
    modifiedMs: Date.parse(textOf(xml, 'LastModified') ?? ''),
  };
}
