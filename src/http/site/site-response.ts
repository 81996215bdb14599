import type { ByteRange, PublishedObjects, PublishedRead } from '../../projection/site/published-objects.ts';
import { addressOfPath } from '../../projection/site/site-address.ts';
import { siteHeaders } from '../../projection/site/site-headers.ts';
import { SITE_SECURITY } from '../../projection/site/site-security.ts';
import { describeDocument } from '../../projection/site/theme/notices.ts';
import type { HttpRequest, HttpResponse } from '../message.ts';
import { parseByteRange } from './byte-range.ts';

/** The site of one wiki, as a server has it. */
export interface ServedSite {
  /** Where its base is on this server, with a slash at both ends. */
  root: string;
  /** What is asked for, below the base, as sent; begins with a slash. */
  path: string;
  objects: PublishedObjects;
  /** The page that is shown where there is none. */
  notFound(root: string): string;
}

type Found = Extract<PublishedRead, { kind: 'found' }>;

/** Answers GET and HEAD. @throws KittiwakeError as `PublishedObjects.read` */
export async function siteResponse(site: ServedSite, { headers }: HttpRequest): Promise<HttpResponse> {
  const { root, path, objects } = site;
  const address = addressOfPath(path);
  if (address.kind === 'moved') return moved(root + address.url);
  if (address.kind === 'absent') return notFound(site);
  const range = parseByteRange(headers.range);
  const known = versionOf(headers['if-none-match']);
  const read = await objects.read(address.key, {
    ...(known === undefined ? {} : { known }),
    ...(range === undefined || headers['if-range'] !== undefined ? {} : { range }),
  });
  if (read.kind === 'absent') return notFound(site);
  const own = { ...siteHeaders(address.key), ...SITE_SECURITY };
  if (read.kind === 'unchanged') return { status: 304, headers: { ...own, etag: `"${known}"` }, body: '' };
  const described = own['content-type'].startsWith('text/html') ? describeDocument(textOf(read)) : undefined;
  if (described?.kind === 'absent') return notFound(site);
  if (described?.target !== undefined) return moved(described.target);
  return found(read, own, headers['if-range'] === undefined ? range : undefined);
}

function found(read: Found, own: Record<string, string>, range: ByteRange | undefined): HttpResponse {
  const { size, version, body, first } = read;
  const headers = { ...own, etag: `"${version}"`, 'accept-ranges': 'bytes' };
  if (range === undefined) {
    return { status: 200, headers: { ...headers, 'content-length': String(size) }, body };
  }
  if (first.length === 0)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: '' };
  const end = body === first ? range.start + first.length : Math.min(range.end, size);
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${range.start}-${end - 1}/${size}`,
      'content-length': String(end - range.start),
    },
    body,
  };
}

function notFound({ root, notFound: page }: ServedSite): HttpResponse {
  const headers = { ...siteHeaders('-/404.file'), ...SITE_SECURITY };
  return { status: 404, headers, body: page(root) };
}

/** @param location within the site */
function moved(location: string): HttpResponse {
  const { 'cache-control': cacheControl } = siteHeaders('p/.html');
  return { status: 301, headers: { ...SITE_SECURITY, location, 'cache-control': cacheControl }, body: '' };
}

function textOf({ first }: Found): string {
  return first.toString('utf8', 0, 4096);
}

/** The version of an entity tag of ours; others are not compared. */
function versionOf(header: string | undefined): string | undefined {
  return /^(?:W\/)?"([A-Za-z0-9.+/=_-]{1,200})"$/.exec(header ?? '')?.[1];
}
