import { html } from './html.ts';
import { type DocumentKind, renderBreadcrumbs, renderLayout, renderLinks } from './layout.ts';
import { rootFrom } from './relative-url.ts';
import type { SiteIndex, SiteInfo, SiteRedirect } from './site-page.ts';

/** The list of all pages, or one group of it. */
export function renderIndex({ site, url, label, groups, pages }: SiteIndex): string {
  const root = rootFrom(url);
  const title = label === undefined ? 'All pages' : `All pages: ${label}`;
  const links = groups.map(each => {
    const isCurrent = each.url === url;
    return html`<li><a href="${root}${each.url}"${isCurrent && html` aria-current="page"`}>${each.label}</a> <span>${each.total}</span></li>\n`;
  });
  const main = html`${renderBreadcrumbs(root, [], title)}
<div class="content"><h1>${title}</h1></div>
${groups.length > 0 && html`<nav aria-label="Groups"><ul class="groups">\n${links}</ul></nav>\n`}\
${pages.length > 0 && renderLinks(root, pages, 'links columns')}`;
  return renderLayout({ kind: 'index', site, url, root, title, description: '', isIndexed: false, main });
}

/**
 * @param root where the site's base is: `absoluteRoot(site)` for the page that is shown under any URL, `rootFrom(url)` for one in the
 * place of a page that is gone
 */
export function renderNotFound(site: SiteInfo, root: string): string {
  return renderNotice('absent', site, undefined, root, {
    title: 'Page not found',
    text: html`<p>There is no page at this address: it was never written, has another name now, or is not public.</p>
<p><a href="${root}">Home</a> · <a href="${root}-/index">All pages</a></p>`,
  });
}

/** The home page of a site without any page that its audience may read. */
export function renderEmptySite(site: SiteInfo, audience: string): string {
  return renderNotice('empty', site, '', './', {
    title: site.name,
    text: html`<p>Nothing is published here yet.</p>
<p>The site shows the pages that everybody of the audience <code>${audience}</code> may read. Either no page has been written, or
the wiki is private: <code>READ_ACCESS</code> and the rules of the wiki say who may read its pages, and
<code>KITTIWAKE_SITE_AUDIENCE</code> says whose rights the site shows to everybody who reaches it.</p>`,
  });
}

/** A page that has another name now. */
export function renderRedirect({ site, url, target }: SiteRedirect): string {
  const root = rootFrom(url);
  const href = root + target.url;
  return html`<!doctype html>
<html lang="${site.lang}" data-kind="redirect" data-target="${href}">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=${href}">
<meta name="robots" content="noindex">
<title>${target.title}</title>
${site.baseUrl !== '' && html`<link rel="canonical" href="${site.baseUrl}/${target.url}">\n`}\
</head>
<body><p>This page is now <a href="${href}">${target.title}</a>.</p></body>
</html>
`.text;
}

/** What a document says of itself in its first bytes. `target` is relative to the document's URL. */
export function describeDocument(
  start: string,
): { kind: DocumentKind; target: string | undefined } | undefined {
  const [, kind, target] =
    /^<!doctype html>\n<html lang="[^"]*" data-kind="(\w+)"(?: data-target="([^"]*)")?>/.exec(start) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind as DocumentKind, target: target === undefined ? undefined : unescapeHtml(target) };
}

function renderNotice(
  kind: DocumentKind,
  site: SiteInfo,
  url: string | undefined,
  root: string,
  { title, text }: { title: string; text: ReturnType<typeof html> },
): string {
  const main = html`<div class="content">\n<h1>${title}</h1>\n${text}\n</div>`;
  return renderLayout({ kind, site, url, root, title, description: '', isIndexed: false, main });
}

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name] ?? '');
}

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
