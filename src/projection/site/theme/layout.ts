import { siteAssetUrl } from './assets.ts';
import { type Html, type HtmlValue, html } from './html.ts';
import { BRAND_ICON, MENU_ICON, MODE_ICON } from './icons.ts';
import type { SiteInfo, SiteLink } from './site-page.ts';

/** What a document is: the server answers `absent` with 404, and `redirect` with 301. */
export type DocumentKind = 'page' | 'folder' | 'index' | 'redirect' | 'absent' | 'empty';

export interface Layout {
  kind: DocumentKind;
  site: SiteInfo;
  /** Undefined: it is shown under any URL. */
  url: string | undefined;
  /** The way to the site's base, with a slash at its end. */
  root: string;
  title: string;
  /** For search engines. Empty: none. */
  description: string;
  isIndexed: boolean;
  main: Html;
  /** Beside the content. */
  aside?: Html | undefined;
}

/** A whole document. It holds no script and no style of its own, so that the policy of the content can forbid them. */
export function renderLayout(layout: Layout): string {
  const { kind, site, url, root, main, aside } = layout;
  return html`<!doctype html>
<html lang="${site.lang}" data-kind="${kind}">
<head>
${head(layout)}
</head>
<body data-root="${root}"${url !== undefined && html` data-url="${url}"`}>
<a class="skip" href="#content">Skip to content</a>
${bar(site, root)}
<div class="shell${aside ? ' with-aside' : ''}">
${sidebar(root)}
<main id="content" tabindex="-1">
${main}
</main>
${aside}
</div>
${footer(site, root)}
</body>
</html>
`.text;
}

function head({ site, url, root, title, description, isIndexed, kind }: Layout): Html {
  const whole = title === site.name ? title : `${title} – ${site.name}`;
  const isCanonical = site.baseUrl !== '' && url !== undefined && kind !== 'absent';
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${whole}</title>
${description !== '' && html`<meta name="description" content="${description}">\n`}\
${!(isIndexed && site.isIndexed) && html`<meta name="robots" content="noindex">\n`}\
${isCanonical && html`<link rel="canonical" href="${site.baseUrl}/${url}">\n`}\
<link rel="icon" type="image/svg+xml" href="${root}${siteAssetUrl('icon.svg')}">
<link rel="stylesheet" href="${root}${siteAssetUrl('site.css')}">
<link rel="alternate" type="application/atom+xml" title="Changes" href="${root}-/changelog/feed.atom">
<link rel="alternate" type="application/feed+json" title="Changes" href="${root}-/changelog/feed.json">
<script src="${root}${siteAssetUrl('mode.js')}"></script>
<script src="${root}${siteAssetUrl('site.js')}" defer></script>`;
}

/** What needs a script is hidden without one. */
function bar(site: SiteInfo, root: string): Html {
  return html`<header class="bar">
<button type="button" class="tool needs-js" id="drawer-button" aria-controls="sidebar" aria-expanded="false" aria-label="Pages">${MENU_ICON}</button>
<a class="brand" href="${root}">${BRAND_ICON}<span>${site.name}</span></a>
<div class="search needs-js" role="search" id="search">
<input type="search" id="search-input" placeholder="Search" aria-label="Search" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="search-results" aria-autocomplete="list">
<kbd aria-hidden="true">/</kbd>
<div class="results" id="search-panel" hidden><div id="search-results" role="listbox" aria-label="Pages found" hidden></div><p id="search-status" role="status"></p></div>
</div>
<button type="button" class="tool needs-js" id="mode-button" aria-label="Dark colours" aria-pressed="false">${MODE_ICON}</button>
</header>`;
}

function sidebar(root: string): Html {
  return html`<nav class="sidebar" id="sidebar" aria-label="Pages">
<ul class="shortcuts"><li><a href="${root}">Home</a></li><li><a href="${root}-/index">All pages</a></li></ul>
<div id="tree"></div>
</nav>`;
}

function footer(site: SiteInfo, root: string): Html {
  return html`<footer class="foot">
${site.description !== '' && html`<p>${site.description}</p>\n`}\
<ul><li><a href="${root}-/index">All pages</a></li><li><a href="${root}-/changelog/feed.atom">Atom feed</a></li><li><a href="${root}-/changelog/feed.json">JSON feed</a></li></ul>
</footer>`;
}

export function renderBreadcrumbs(root: string, crumbs: readonly SiteLink[], title: string): Html {
  return html`<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>
<li><a href="${root}">Home</a></li>
${crumbs.map(({ url, title }) => html`<li><a href="${root}${url}">${title}</a></li>\n`)}\
<li aria-current="page">${title}</li>
</ol></nav>`;
}

export function renderLinks(root: string, links: readonly SiteLink[], className: string): Html {
  const items: HtmlValue = links.map(
    ({ url, title }) => html`<li><a href="${root}${url}">${title}</a></li>\n`,
  );
  return html`<ul class="${className}">\n${items}</ul>`;
}
