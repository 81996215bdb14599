import { isKittiwakeError } from '../../core/errors.ts';
import { pathTarget } from '../../wiki/markup/describe.ts';
import { linkedFiles } from './link-candidates.ts';
import { foldersAbove, type ListedPage } from './page-table.ts';
import { redirectTarget } from './redirects.ts';
import { encodeUrl } from './site-key.ts';
import { pageText, sitePlace, sourceUrl } from './site-place.ts';
import type { SiteView } from './site-view.ts';
import { escapeHtml } from './theme/html.ts';
import { renderEmptySite, renderRedirect } from './theme/notices.ts';
import { renderFolder, renderPage } from './theme/page.ts';
import type { SiteChange, SiteLink, SiteLinks } from './theme/site-page.ts';

/** Links that a page shows of each kind. */
const MAX_LINKS = 100;

/** What was made for an address. */
export interface Made {
  bytes: Buffer;
  /** Why the page could not be shown: a notice stands in its place. */
  failure?: unknown;
}

/** What the site shows at the address of a page. Undefined: nothing. */
export async function makePage(url: string, site: SiteView): Promise<Made | undefined> {
  const { table, home, settings } = site;
  if (url === '') return await makeHome(site);
  const page = table.find(`${url}.md`);
  if (page !== undefined && page.file === home) return redirect(url, { url: '', title: page.title }, site);
  if (page !== undefined) return await pageDocument(page, url, site);
  if (table.hasBelow(url)) return folderDocument(url, site);
  const target = settings.isOn ? await redirectTarget(`${url}.md`, site.view, table) : undefined;
  return target && redirect(url, linkTo(target, site), site);
}

/** The address of a page on the site, percent-encoded. */
export function addressOfPage(page: ListedPage, { home }: Pick<SiteView, 'home'>): string {
  return page.file === home ? '' : encodeUrl(page.url);
}

async function makeHome(site: SiteView): Promise<Made | undefined> {
  const { table, home, settings } = site;
  const page = home === undefined ? undefined : table.find(home);
  if (page !== undefined) return await pageDocument(page, '', site);
  if (!settings.isOn) return undefined;
  if (table.pages.length > 0) return folderDocument('', site);
  return { bytes: Buffer.from(renderEmptySite(settings.info, settings.audience)) };
}

async function pageDocument(page: ListedPage, url: string, site: SiteView): Promise<Made> {
  const { settings } = site;
  const [{ placed, failure }, backlinks, lastChange] = await Promise.all([
    placedPage(page, url, site),
    backlinksOf(page, site),
    changeOf(page, site),
  ]);
  const text = renderPage({
    site: settings.info,
    url: encodeUrl(url),
    title: page.title,
    breadcrumbs: breadcrumbsOf(url, site),
    content: placed.html,
    headings: placed.headings,
    needs: placed.needs,
    backlinks,
    children: childrenOf(url, site),
    lastChange,
    historyUrl: historyUrl(page, site),
    rawUrl: encodeUrl(sourceUrl(page.file)),
  });
  return { bytes: Buffer.from(text), ...(failure === undefined ? {} : { failure }) };
}

function historyUrl(page: ListedPage, { settings: { apiUrl } }: SiteView): string | undefined {
  return apiUrl === '' ? undefined : `${apiUrl}/api/v1/pages/${encodeUrl(page.url)}/history`;
}

/** A page that cannot be shown says so: nothing else waits for it. */
async function placedPage(page: ListedPage, url: string, site: SiteView) {
  const { rendering, uses } = site;
  try {
    const blob = await pageText(page.file, site);
    if (blob === undefined) throw new TypeError(`The page "${page.file}" is not at hand`);
    const compiled = await rendering.compile(blob.oid, blob.text);
    const asked = new Set<string>();
    const placed = await rendering.place(
      compiled,
      sitePlace(page.file, { file: page.file, url, asked }, site),
    );
    // Links of its own text are found by what they lead to; those of embedded pages and of HTML are not.
    const linked = linkedFiles(page.file, blob.text, site.settings.naming);
    uses.set(page.file, [...new Set(placed.uses).union(asked.difference(linked))].sort());
    return { placed, failure: undefined };
  } catch (failure) {
    if (isKittiwakeError(failure) && failure.code.startsWith('storage_')) throw failure;
    const code = isKittiwakeError(failure) ? failure.code : 'internal_error';
    const html = `<p>This page cannot be shown (<code>${escapeHtml(code)}</code>).</p>`;
    uses.set(page.file, []);
    return { placed: { html, headings: [], needs: [], uses: [] }, failure };
  }
}

function folderDocument(url: string, site: SiteView): Made {
  const { settings, table } = site;
  const text = renderFolder({
    site: settings.info,
    url: encodeUrl(url),
    title: url === '' ? settings.info.name : table.folderTitle(url),
    breadcrumbs: breadcrumbsOf(url, site),
    children: childrenOf(url, site),
  });
  return { bytes: Buffer.from(text) };
}

function redirect(url: string, target: SiteLink, { settings }: SiteView): Made {
  return { bytes: Buffer.from(renderRedirect({ site: settings.info, url: encodeUrl(url), target })) };
}

function breadcrumbsOf(url: string, { table }: SiteView): SiteLink[] {
  const folders = foldersAbove(url).reverse();
  return folders.map(folder => ({ url: encodeUrl(folder), title: table.folderTitle(folder) }));
}

function childrenOf(url: string, { table, home }: SiteView): SiteLinks {
  const children = table.children(url).filter(child => `${child.url}.md` !== home || child.hasBelow);
  const links = children
    .slice(0, MAX_LINKS)
    .map(child => ({ url: encodeUrl(child.url), title: child.title }));
  return { links, total: children.length };
}

async function backlinksOf(page: ListedPage, site: SiteView): Promise<SiteLinks> {
  const { view, table } = site;
  const files = await view.sources(pathTarget(page.url));
  const pages = files.flatMap(file => (file === page.file ? [] : (table.find(file) ?? [])));
  const links = pages.slice(0, MAX_LINKS).map(each => linkTo(each, site));
  return { links, total: pages.length };
}

/** Without its message: that may tell of pages which are gone or hidden. */
async function changeOf(page: ListedPage, { view }: SiteView): Promise<SiteChange | undefined> {
  const change = await view.lastChange(page.described);
  if (change === undefined) return undefined;
  const { author, oid } = change;
  return { author: author.name, seconds: author.seconds, commit: oid, message: '' };
}

function linkTo(page: ListedPage, site: Pick<SiteView, 'home'>): SiteLink {
  return { url: addressOfPage(page, site), title: page.title };
}
