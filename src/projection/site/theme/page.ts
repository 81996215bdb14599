import type { Heading } from '../../../render/renderer.ts';
import { type Html, html, rawHtml } from './html.ts';
import { renderBreadcrumbs, renderLayout, renderLinks } from './layout.ts';
import { hrefFrom, rootFrom } from './relative-url.ts';
import type { SiteChange, SiteFolder, SiteLinks, SitePage } from './site-page.ts';

/** A page of the wiki. */
export function renderPage(page: SitePage): string {
  const { site, url, title, headings, breadcrumbs } = page;
  const root = rootFrom(url);
  const hasTitle = headings.some(({ level }) => level === 1);
  const heading = url === '' ? site.name : title;
  const main = html`${url !== '' && renderBreadcrumbs(root, breadcrumbs, title)}
<article class="content">
${!hasTitle && html`<h1>${heading}</h1>\n`}${rawHtml(page.content)}
</article>
${renderRelated('Below this page', 'children', root, page.children)}
${renderRelated('Linked from', 'backlinks', root, page.backlinks)}
${renderMeta(page, root)}`;
  const description = page.lastChange || url !== '' ? '' : site.description;
  const aside = tableOfContents(headings);
  return renderLayout({ kind: 'page', site, url, root, title, description, isIndexed: true, main, aside });
}

/** A folder that has pages, but none of its own name. */
export function renderFolder({ site, url, title, breadcrumbs, children }: SiteFolder): string {
  const root = rootFrom(url);
  const main = html`${renderBreadcrumbs(root, breadcrumbs, title)}
<div class="content">
<h1>${title}</h1>
</div>
${renderRelated('Pages in this folder', 'children', root, children)}`;
  return renderLayout({ kind: 'folder', site, url, root, title, description: '', isIndexed: true, main });
}

function renderRelated(
  label: string,
  id: string,
  root: string,
  { links, total }: SiteLinks,
): Html | undefined {
  if (links.length === 0) return undefined;
  const more = total - links.length;
  return html`<section class="related" aria-labelledby="${id}-label">
<h2 id="${id}-label">${label}</h2>
${renderLinks(root, links, 'links')}
${more > 0 && html`<p>and ${more} more: see <a href="${root}-/index">all pages</a></p>\n`}\
</section>`;
}

function renderMeta({ lastChange, historyUrl, rawUrl }: SitePage, root: string): Html | undefined {
  if (!lastChange && historyUrl === undefined && rawUrl === undefined) return undefined;
  const link = (url: string | undefined, text: string) =>
    url !== undefined && html`<li><a href="${hrefFrom(root, url)}">${text}</a></li>\n`;
  return html`<div class="meta">
${lastChange && renderChange(lastChange)}
<ul>${link(historyUrl, 'History')}${link(rawUrl, 'Source')}</ul>
</div>`;
}

function renderChange({ author, seconds, commit, message }: SiteChange): Html {
  const date = new Date(seconds * 1000).toISOString();
  return html`<p>Last changed <time datetime="${date}">${date.slice(0, 10)}</time> by ${author}\
${message !== '' && html`: <q>${message}</q>`} <code title="${commit}">${commit.slice(0, 7)}</code></p>`;
}

/** From the second level on; the first is the page's title. */
function tableOfContents(headings: readonly Heading[]): Html | undefined {
  const shown = headings.filter(({ level, text }) => level > 1 && level < 5 && text !== '');
  if (shown.length < 2) return undefined;
  const top = Math.min(...shown.map(({ level }) => level));
  const items = shown.map(
    ({ level, text, anchor }) =>
      html`<li class="level-${level - top + 1}"><a href="#${encodeURIComponent(anchor)}">${text}</a></li>\n`,
  );
  return html`<nav class="toc" aria-labelledby="toc-label"><details open>
<summary id="toc-label">On this page</summary>
<ol>\n${items}</ol>
</details></nav>`;
}
