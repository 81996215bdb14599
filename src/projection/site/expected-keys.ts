import { isRegular } from '../../wiki/change/file-mode.ts';
import { isPageFile, pageStem } from '../../wiki/name/page-path.ts';
import { ATOM_URL, JSON_URL } from './make-feed.ts';
import { groupName, INDEX, labelUrl, SITEMAP, treeUrl } from './make-listing.ts';
import { SEARCH_INDEX, shardUrl } from './make-search.ts';
import { NOT_FOUND_URL, siteKey } from './site-key.ts';
import { attachmentUrl, isAttachment, sourceUrl } from './site-place.ts';
import type { SiteView } from './site-view.ts';
import { siteAssets } from './theme/assets.ts';

/** Addresses that depend on which pages there are; they are made anew when that or a title changes. */
export const LIST_URLS: readonly string[] = [INDEX, SEARCH_INDEX, 'sitemap.xml'];

/** Addresses of what every commit may change. */
export const FEED_URLS: readonly string[] = [ATOM_URL, JSON_URL];

/**
 * Keys of all objects that the site may have, in order: of some there is none after all. Reads the whole history, for pages that
 * were renamed.
 */
export async function expectedKeys(site: SiteView): Promise<string[]> {
  if (!site.settings.isOn) return [];
  const { table } = site;
  const urls = new Set<string>(['', NOT_FOUND_URL, 'robots.txt', ...LIST_URLS, ...FEED_URLS, treeUrl('')]);
  for (const asset of siteAssets()) urls.add(asset.url);
  for (const page of table.pages) urls.add(page.url).add(sourceUrl(page.file));
  for (const folder of table.folders()) urls.add(folder).add(treeUrl(folder));
  for (const url of groupUrls(site)) urls.add(url);
  for (const url of await attachmentUrls(site)) urls.add(url);
  for (const url of await formerUrls(site)) urls.add(url);
  return [...urls].flatMap(url => siteKey(url) ?? []).sort();
}

/** Of everything that is parted into groups. */
export function groupUrls({ table, settings }: SiteView): string[] {
  const urls = table.groups.map(({ prefix }) => shardUrl(prefix));
  if (settings.info.baseUrl !== '')
    urls.push(...table.groups.map(({ prefix }) => `${SITEMAP}/${groupName(prefix)}.xml`));
  urls.push(...table.labels.map(({ prefix }) => labelUrl(prefix)));
  return urls;
}

async function attachmentUrls({ view }: SiteView): Promise<string[]> {
  const urls: string[] = [];
  for (const { path, mode } of await view.files('')) {
    if (!isAttachment(path) || !isRegular(mode)) continue;
    const file = await view.file(path);
    if (file !== undefined) urls.push(attachmentUrl(path, file));
  }
  return urls;
}

/** Of pages that were removed, and that may have another name now. */
async function formerUrls({ view, table }: SiteView): Promise<Set<string>> {
  const urls = new Set<string>();
  for await (const { changes } of view.log()) {
    for (const { path, oid } of changes) {
      if (oid === null && isPageFile(path) && table.find(path) === undefined) urls.add(pageStem(path));
    }
  }
  return urls;
}
