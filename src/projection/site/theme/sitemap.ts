import { html } from './html.ts';
import type { SiteInfo, SitemapEntry } from './site-page.ts';

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/**
 * One part (sitemaps.org), of 50,000 entries at most. The site's address must be known: the protocol has no relative URLs.
 */
export function renderSitemap({ baseUrl }: SiteInfo, entries: readonly SitemapEntry[]): string {
  const items = entries.map(
    ({ url, seconds }) => html`<url><loc>${baseUrl}/${url}</loc><lastmod>${day(seconds)}</lastmod></url>\n`,
  );
  return html`<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="${NAMESPACE}">
${items}</urlset>
`.text;
}

/** `sitemap.xml`: where the parts are. */
export function renderSitemapIndex({ baseUrl }: SiteInfo, parts: readonly string[]): string {
  const items = parts.map(url => html`<sitemap><loc>${baseUrl}/${url}</loc></sitemap>\n`);
  return html`<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="${NAMESPACE}">
${items}</sitemapindex>
`.text;
}

/** RFC 9309. */
export function renderRobots({ baseUrl, isIndexed }: SiteInfo): string {
  const rule = isIndexed ? 'Disallow: /-/search/\nDisallow: /-/tree/\nAllow: /' : 'Disallow: /';
  const sitemap = isIndexed && baseUrl !== '' ? `\nSitemap: ${baseUrl}/sitemap.xml\n` : '';
  return `User-agent: *\n${rule}\n${sitemap}`;
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
