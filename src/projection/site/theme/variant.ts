import { createHash } from 'node:crypto';
import { siteAssets } from './assets.ts';
import { renderAtomFeed, renderJsonFeed } from './feeds.ts';
import { renderEmptySite, renderIndex, renderNotFound, renderRedirect } from './notices.ts';
import { renderFolder, renderPage } from './page.ts';
import type { SiteFeed, SiteInfo, SiteLinks, SitePage } from './site-page.ts';
import { renderRobots, renderSitemap, renderSitemapIndex } from './sitemap.ts';

let variant: string | undefined;

/**
 * Changes whenever the same values come out as other bytes: a digest of the assets and of a sample of everything that the theme
 * makes, so that nobody has to count versions up.
 */
export function themeVariant(): string {
  variant ??= createHash('sha256')
    .update(
      siteAssets()
        .map(({ url }) => url)
        .join('\n'),
    )
    .update(sample().join('\n'))
    .digest('hex')
    .slice(0, 16);
  return variant;
}

const SITE: SiteInfo = {
  name: 'Name',
  description: 'Description',
  lang: 'en',
  baseUrl: 'https://example.org',
  isIndexed: true,
};
const LINKS: SiteLinks = { links: [{ url: 'a/b', title: 'B' }], total: 3 };
const PAGE: SitePage = {
  site: SITE,
  url: 'a',
  title: 'A',
  breadcrumbs: LINKS.links,
  content: '<p>A</p>',
  headings: [
    { level: 2, text: 'One', anchor: 'one' },
    { level: 3, text: 'Two', anchor: 'two' },
  ],
  needs: ['mermaid'],
  backlinks: LINKS,
  children: LINKS,
  lastChange: { author: 'Ann', seconds: 1, commit: '0'.repeat(40), message: 'Why' },
  historyUrl: '-/h',
  rawUrl: '-/r',
};
const FEED: SiteFeed = {
  site: SITE,
  id: 'urn:x',
  url: '-/changelog/feed.atom',
  otherUrl: '-/changelog/feed.json',
  entries: [{ id: 'urn:y', title: 'A', url: 'a', seconds: 1, author: 'Ann', summary: 'Why' }],
};

function sample(): string[] {
  const root = './';
  const bare = { ...SITE, baseUrl: '', isIndexed: false };
  return [
    renderPage(PAGE),
    renderPage({ ...PAGE, site: bare, url: '', headings: [], lastChange: undefined }),
    renderFolder({ site: SITE, url: 'a', title: 'A', breadcrumbs: LINKS.links, children: LINKS }),
    renderIndex({
      site: SITE,
      url: '-/index',
      label: 'A',
      groups: [{ url: 'x', label: 'X', total: 1 }],
      pages: LINKS.links,
    }),
    renderNotFound(SITE, root),
    renderEmptySite(SITE, 'ANONYMOUS'),
    renderRedirect({ site: SITE, url: 'b', target: { url: 'a', title: 'A' } }),
    renderAtomFeed(FEED),
    renderJsonFeed(FEED),
    renderSitemap(SITE, [{ url: 'a', seconds: 1 }]),
    renderSitemapIndex(SITE, ['a']),
    renderRobots(SITE),
    renderRobots(bare),
  ];
}
