import type { OpenBlob } from '../../git/large/large.ts';
import type { FileInfo } from '../../git/repository.ts';
import { isRegular } from '../../wiki/change/file-mode.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import { ATOM_URL, JSON_URL, makeFeed } from './make-feed.ts';
import {
  INDEX,
  makeIndex,
  makeNotFound,
  makeRobots,
  makeSitemap,
  makeSitemapIndex,
  makeTree,
  SITEMAP,
  TREE,
} from './make-listing.ts';
import { type Made, makePage } from './make-page.ts';
import { makeSearchIndex, makeShard, SEARCH, SEARCH_INDEX } from './make-search.ts';
import { NOT_FOUND_URL, siteUrl } from './site-key.ts';
import { attachmentUrl, FILES, isAttachment } from './site-place.ts';
import type { SiteView } from './site-view.ts';
import { siteAssets } from './theme/assets.ts';

/** An object that is too large for memory, and never has another content. */
export interface Streamed {
  open(): Promise<OpenBlob>;
  size: number;
}

export type MadeObject = Made | Streamed;

/** True for keys whose objects are {@link Streamed}: they are written once. */
export function isStreamed(key: string): boolean {
  return key.startsWith('-/large/');
}

/**
 * The object with this key, as one version of the wiki has it: a function of nothing else. Undefined: there is none.
 * @param stored what is stored there now, of which parts may be taken over that have not changed
 */
export async function makeObject(
  key: string,
  site: SiteView,
  stored: Buffer | undefined,
): Promise<MadeObject | undefined> {
  const url = siteUrl(key);
  if (url === undefined) return undefined;
  if (key.startsWith('p/')) return await makePage(url, site);
  const { isOn } = site.settings;
  return isOn ? await makeOther(url, site, stored) : undefined;
}

async function makeOther(
  url: string,
  site: SiteView,
  stored: Buffer | undefined,
): Promise<MadeObject | undefined> {
  if (url === ATOM_URL || url === JSON_URL) return await makeFeed(url, site);
  if (url === 'robots.txt') return makeRobots(site);
  if (url === 'sitemap.xml') return makeSitemapIndex(site);
  if (url === NOT_FOUND_URL) return makeNotFound(site);
  if (url === INDEX) return makeIndex(undefined, site);
  if (url === SEARCH_INDEX) return makeSearchIndex(site);
  if (url === `${TREE}.json`) return makeTree('', site);
  const asset = siteAssets().find(each => each.url === url);
  if (asset !== undefined) return { bytes: Buffer.from(asset.bytes) };
  return await makeNamed(url, site, stored);
}

async function makeNamed(
  url: string,
  site: SiteView,
  stored: Buffer | undefined,
): Promise<MadeObject | undefined> {
  const [, area = '', rest = ''] = /^(-\/[a-z]+)\/(.+)$/s.exec(url) ?? [];
  const name = rest.replace(/\.(?:json|xml)$/, '');
  switch (area) {
    case TREE:
      return name === rest ? undefined : makeTree(name, site);
    case INDEX:
      return makeIndex(rest, site);
    case SITEMAP:
      return makeSitemap(name, site);
    case SEARCH:
      return await makeShard(name, site, stored);
    case FILES:
      return isPageFile(rest) ? await makeSource(rest, site) : await makeAttachment(url, rest, site);
    case '-/large':
      return await makeAttachment(url, rest.slice(rest.indexOf('/') + 1), site);
    default:
      return undefined;
  }
}

async function makeAttachment(
  url: string,
  path: string,
  { view }: SiteView,
): Promise<MadeObject | undefined> {
  const file = isAttachment(path) ? await view.file(path) : undefined;
  if (file === undefined || !isRegular(file.mode) || attachmentUrl(path, file) !== url) return undefined;
  return url.startsWith('-/large/')
    ? streamed(file, () => view.openBlob(file.oid))
    : { bytes: await view.blob(file.oid) };
}

/** The text of a page as it is stored. */
async function makeSource(file: string, { view, table }: SiteView): Promise<Made | undefined> {
  const page = table.find(file);
  return page && { bytes: await view.blob(page.described.oid) };
}

function streamed({ size }: FileInfo, open: () => Promise<OpenBlob>): Streamed {
  return { size, open };
}
