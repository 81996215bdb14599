import type { KeptVersion } from '../byte-store.ts';
import { codeOf, failure, refusal } from './answers.ts';
import { notS3, s3Denied } from './errors.ts';
import type { Doing } from './place.ts';
import type { Target } from './reading.ts';
import { textOf } from './xml.ts';

interface Page {
  versions: KeptVersion[];
  /** What the next page begins after; undefined: there is nothing more of this object. */
  next: [string, string][] | undefined;
}

/**
 * The versions of one object, newest first. A bucket without versioning has one at most, of the id `null`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function* listVersions(target: Target): AsyncGenerator<KeptVersion> {
  let markers: [string, string][] | undefined = [];
  while (markers !== undefined) {
    const page: Page = await readPage(target, markers);
    yield* page.versions;
    markers = page.next;
  }
}

async function readPage(
  target: Pick<Target, 'client' | 'place' | 'key' | 'object'>,
  markers: readonly [string, string][],
): Promise<Page> {
  return parsePage(await readVersions(target, markers), target.object);
}

/** One answer, of all objects whose names in the bucket begin with `object`. */
export async function readVersions(
  { client, place, key, object }: Pick<Target, 'client' | 'place' | 'key' | 'object'>,
  markers: readonly [string, string][],
): Promise<string> {
  const doing: Doing = { action: 'Listing versions of', key };
  const query: [string, string][] = [['versions', ''], ['prefix', object], ...markers];
  const request = { operation: 'versions', key, method: 'GET', query, repeatable: true } as const;
  const answer = await client.call(request).catch((error: unknown) => {
    throw failure(doing, place, error);
  });
  const code = codeOf(answer);
  if (code === 'AccessDenied') {
    throw s3Denied(doing, place, code, 'the permission s3:ListBucketVersions is missing');
  }
  if (answer.status !== 200) throw refusal(doing, place, answer);
  const xml = answer.bytes.toString();
  if (!xml.includes('<ListVersionsResult')) {
    throw notS3(doing, place, 'answers a listing of versions with something else');
  }
  return xml;
}

/** Other objects may begin with the name of this one; they come after it. */
function parsePage(xml: string, object: string): Page {
  const all = parseVersions(xml);
  const own = all.filter(({ key }) => key === object).map(({ version }) => version);
  const isMore = own.length > 0 && own.length === all.length;
  return { versions: own, next: isMore ? nextMarkers(xml) : undefined };
}

/** All that one answer lists, with their names in the bucket. */
export function parseVersions(xml: string): { key: string; version: KeptVersion }[] {
  return Array.from(xml.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs), ([, kind, inside = '']) => ({
    key: textOf(inside, 'Key') ?? '',
    version: parseVersion(inside, kind === 'DeleteMarker'),
  }));
}

/** What the next page begins after; undefined: this was the last. */
export function nextMarkers(xml: string): [string, string][] | undefined {
  if (textOf(xml, 'IsTruncated') !== 'true') return undefined;
  return [
    ['key-marker', textOf(xml, 'NextKeyMarker') ?? ''],
    ['version-id-marker', textOf(xml, 'NextVersionIdMarker') ?? ''],
  ];
}

function parseVersion(xml: string, isDeleted: boolean): KeptVersion {
  return {
    id: textOf(xml, 'VersionId') ?? 'null',
    size: isDeleted ? 0 : Number(textOf(xml, 'Size')),
    modifiedMs: Date.parse(textOf(xml, 'LastModified') ?? ''),
    isCurrent: textOf(xml, 'IsLatest') === 'true',
    isDeleted,
  };
}
