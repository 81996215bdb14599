import type { Made } from './make-page.ts';
import { addressOfPage } from './make-page.ts';
import type { PageTable } from './page-table.ts';
import { encodeUrl } from './site-key.ts';
import type { SiteView } from './site-view.ts';
import { renderIndex, renderNotFound } from './theme/notices.ts';
import { absoluteRoot } from './theme/relative-url.ts';
import type { SitemapEntry, SiteTree } from './theme/site-page.ts';
import { renderRobots, renderSitemap, renderSitemapIndex } from './theme/sitemap.ts';

/** Entries of one folder that the sidebar shows. */
const MAX_TREE_ENTRIES = 1_000;

export const TREE = '-/tree';
export const INDEX = '-/index';
export const SITEMAP = '-/sitemap';

/** Path of the object with what lies below a folder, not encoded. */
export function treeUrl(folder: string): string {
  return folder === '' ? `${TREE}.json` : `${TREE}/${folder}.json`;
}

export function labelUrl(prefix: string): string {
  return `${INDEX}/${prefix}`;
}

/** The sidebar names the home page by itself. Undefined: nothing lies below the folder. */
export function makeTree(folder: string, { table, home, settings }: SiteView): Made | undefined {
  const children = table.children(folder);
  if (children.length === 0 && (folder !== '' || !settings.isOn)) return undefined;
  const shown = children.filter(({ url, hasBelow }) => hasBelow || `${url}.md` !== home);
  const entries = shown.slice(0, MAX_TREE_ENTRIES).map(({ url, title, hasBelow }) => ({
    title,
    url: encodeUrl(url),
    ...(hasBelow ? { tree: encodeUrl(treeUrl(url)) } : {}),
  }));
  return json({ entries } satisfies SiteTree);
}

/** The list of all pages: its groups, or one of them. */
export function makeIndex(prefix: string | undefined, site: SiteView): Made | undefined {
  const { table, settings } = site;
  const group = table.labels.find(each => each.prefix === prefix);
  if (prefix !== undefined && group === undefined) return undefined;
  // A group does not name the others: then it stays as it is when those change.
  const groups = (prefix === undefined ? table.labels : []).map(each => ({
    url: encodeUrl(labelUrl(each.prefix)),
    label: each.prefix.replaceAll('_', ' ').trim(),
    total: each.items.length,
  }));
  const pages = (group?.items ?? []).map(page => ({ url: addressOfPage(page, site), title: page.title }));
  const url = prefix === undefined ? INDEX : labelUrl(prefix);
  const label = prefix?.replaceAll('_', ' ').trim();
  return text(renderIndex({ site: settings.info, url: encodeUrl(url), label, groups, pages: sorted(pages) }));
}

export function makeSitemap(bits: string, site: SiteView): Made | undefined {
  const { table, settings } = site;
  const group = groupNamed(table, bits);
  if (group === undefined || settings.info.baseUrl === '') return undefined;
  const entries: SitemapEntry[] = group.items.map(page => ({
    url: addressOfPage(page, site),
    seconds: page.described.seconds,
  }));
  return text(renderSitemap(settings.info, entries));
}

export function makeSitemapIndex({ table, settings }: SiteView): Made | undefined {
  if (settings.info.baseUrl === '' || table.pages.length === 0) return undefined;
  const parts = table.groups.map(({ prefix }) => `${SITEMAP}/${groupName(prefix)}.xml`);
  return text(renderSitemapIndex(settings.info, parts));
}

export function makeRobots({ settings }: SiteView): Made {
  return text(renderRobots(settings.info));
}

export function makeNotFound({ settings }: SiteView): Made {
  return text(renderNotFound(settings.info, absoluteRoot(settings.info)));
}

/** Of a group of pages, as it stands in URLs. */
export function groupName(prefix: string): string {
  return prefix === '' ? 'all' : prefix;
}

export function groupNamed(table: PageTable, name: string) {
  const group = table.groupOf(name === 'all' ? '' : name);
  return group !== undefined && groupName(group.prefix) === name ? group : undefined;
}

export function json(value: unknown): Made {
  return { bytes: Buffer.from(JSON.stringify(value)) };
}

function text(content: string): Made {
  return { bytes: Buffer.from(content) };
}

function sorted<T extends { title: string; url: string }>(links: readonly T[]): T[] {
  const key = ({ title, url }: T) => `${title.toLowerCase()}\0${url}`;
  return links.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
