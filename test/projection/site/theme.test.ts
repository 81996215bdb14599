import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSET_TEXTS } from '../../../src/projection/site/theme/asset-texts.ts';
import { siteAssets } from '../../../src/projection/site/theme/assets.ts';
import { renderAtomFeed, renderJsonFeed } from '../../../src/projection/site/theme/feeds.ts';
import { foldWords } from '../../../src/projection/site/theme/fold-words.ts';
import { html, rawHtml } from '../../../src/projection/site/theme/html.ts';
import {
  describeDocument,
  renderEmptySite,
  renderIndex,
  renderNotFound,
  renderRedirect,
} from '../../../src/projection/site/theme/notices.ts';
import { renderFolder, renderPage } from '../../../src/projection/site/theme/page.ts';
import { absoluteRoot, rootFrom } from '../../../src/projection/site/theme/relative-url.ts';
import type { SiteFeed, SiteInfo, SitePage } from '../../../src/projection/site/theme/site-page.ts';
import { renderRobots, renderSitemap } from '../../../src/projection/site/theme/sitemap.ts';
import { themeVariant } from '../../../src/projection/site/theme/variant.ts';

const EVIL = `"><script>alert(1)</script>'&`;
const SITE: SiteInfo = {
  name: EVIL,
  description: EVIL,
  lang: 'en',
  baseUrl: 'https://example.org/wiki',
  isIndexed: true,
};
const LINK = { url: 'docs/a%22b', title: EVIL };
const LINKS = { links: [LINK], total: 5 };
const PAGE: SitePage = {
  site: SITE,
  url: 'docs/intro',
  title: EVIL,
  breadcrumbs: [LINK],
  content: '<p>safe</p>',
  headings: [
    { level: 2, text: EVIL, anchor: EVIL },
    { level: 3, text: EVIL, anchor: 'b' },
  ],
  needs: [],
  backlinks: LINKS,
  children: LINKS,
  lastChange: { author: EVIL, seconds: 0, commit: 'a'.repeat(40), message: EVIL },
  historyUrl: 'https://example.org/api/v1/pages/docs/intro/history',
  rawUrl: 'https://example.org/api/v1/pages/docs/intro',
};

const DOCUMENTS: Readonly<Record<string, string>> = {
  page: renderPage(PAGE),
  folder: renderFolder({ site: SITE, url: 'docs', title: EVIL, breadcrumbs: [], children: LINKS }),
  index: renderIndex({
    site: SITE,
    url: '-/index/A',
    label: EVIL,
    groups: [{ url: '-/index/A', label: EVIL, total: 1 }],
    pages: [LINK],
  }),
  redirect: renderRedirect({ site: SITE, url: 'a/b', target: LINK }),
  absent: renderNotFound(SITE, '/wiki/'),
  empty: renderEmptySite(SITE, EVIL),
};

describe.each(Object.entries(DOCUMENTS))('a document of the kind %s', (kind, text) => {
  test('shows what it is given as text', () => {
    expect(text).not.toContain('<script>alert');
    expect(text).not.toMatch(/"[^"<>]*"><script/);
    expect(text).toContain('&lt;script&gt;');
  });

  test('has no script and no style of its own', () => {
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [script] of text.matchAll(/<script[^>]*>.{0,9}/g)) {
      expect(script).toMatch(/ src="[^"]*-\/assets\/[\w.-]+"(?: defer)?><\/script>$/);
    }
  });

  test('says what it is in its first bytes', () => {
    expect(describeDocument(text.slice(0, 4096))?.kind).toBe(kind);
  });
});

test('a redirect tells its target, as it stands in its link', () => {
  const text = renderRedirect({ site: SITE, url: 'a/b', target: { url: "docs/it's%22", title: 'x' } });
  expect(describeDocument(text)).toEqual({ kind: 'redirect', target: "../docs/it's%22" });
});

test('what somebody else wrote is no document of ours', () => {
  expect(describeDocument('<!doctype html>\n<html lang="en"><p data-kind="redirect">')).toBeUndefined();
});

test('values are escaped, also within lists, and nothing stands for nothing', () => {
  expect(html`<p title="${'"'}">${['<', html`<b>`, [undefined, false, 1]]}${rawHtml('<i>')}</p>`.text).toBe(
    '<p title="&quot;">&lt;<b>1<i></p>',
  );
});

test('links lead from every depth to the same place', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z:]{1,5}$/), { maxLength: 5 }), parts => {
      const url = parts.join('/');
      const target = new URL(`${rootFrom(url)}x/y`, `https://example.org/wiki/${url}`);
      expect(target.href).toBe('https://example.org/wiki/x/y');
    }),
  );
});

test('the page for what is not there counts on the path of the site', () => {
  expect(absoluteRoot(SITE)).toBe('/wiki/');
  expect(absoluteRoot({ ...SITE, baseUrl: '' })).toBe('/');
});

describe('feeds', () => {
  const feed: SiteFeed = {
    site: { ...SITE, name: `${EVIL}\u0001\ud800` },
    id: 'urn:uuid:0',
    url: '-/changelog/feed.atom',
    otherUrl: '-/changelog/feed.json',
    entries: [{ id: 'urn:x', title: EVIL, url: 'docs/a', seconds: 1, author: '', summary: EVIL }],
  };

  test('of Atom are XML whatever stands in them', () => {
    const text = renderAtomFeed(feed);
    for (const each of ['<script', '\u0001', '\ud800']) expect(text).not.toContain(each);
    expect(text).toContain('<link href="https://example.org/wiki/docs/a"/>');
    expect(text).toContain('<updated>1970-01-01T00:00:01Z</updated>');
    expect(text).toContain('<name>Anonymous</name>');
  });

  test('of JSON have the fields of version 1.1', () => {
    expect(JSON.parse(renderJsonFeed({ ...feed, url: feed.otherUrl, otherUrl: feed.url }))).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      feed_url: 'https://example.org/wiki/-/changelog/feed.json',
      items: [{ id: 'urn:x', content_text: EVIL, date_published: '1970-01-01T00:00:01Z' }],
    });
  });

  test('have relative links where the address of the site is not known', () => {
    const site = { ...SITE, baseUrl: '' };
    expect(renderAtomFeed({ ...feed, site })).toContain('<link href="../../docs/a"/>');
  });
});

test('a sitemap and robots.txt tell what search engines may read', () => {
  expect(renderSitemap(SITE, [{ url: 'a', seconds: 86_400 }])).toContain(
    '<url><loc>https://example.org/wiki/a</loc><lastmod>1970-01-02</lastmod></url>',
  );
  expect(renderRobots(SITE)).toContain('Sitemap: https://example.org/wiki/sitemap.xml');
  expect(renderRobots({ ...SITE, isIndexed: false })).toBe('User-agent: *\nDisallow: /\n');
  expect(renderPage({ ...PAGE, site: { ...SITE, isIndexed: false } })).toContain('content="noindex"');
});

test('what a page loads is small, and named by its content', () => {
  const sizes = Object.groupBy(siteAssets(), ({ url }) => url.slice(url.lastIndexOf('.') + 1));
  const total = (ending: string) => (sizes[ending] ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(total('css')).toBeLessThan(25_000);
  expect(total('js')).toBeLessThan(15_000);
  for (const { url } of siteAssets()) expect(url).toMatch(/^-\/assets\/\w+-[0-9a-f]{12}\.(?:css|js|svg)$/);
});

test('the variant of the theme is the same as long as its code is', () => {
  expect(themeVariant()).toMatch(/^[0-9a-f]{16}$/);
  expect(themeVariant()).toBe(themeVariant());
});

test('the browser takes words apart as the shards do', () => {
  const [source = ''] = /const fold = [\s\S]*?\?\? \[\];\n/.exec(ASSET_TEXTS.search) ?? [];
  const words = new Function('text', `${source}return [...new Set(words(text))]`) as (
    text: string,
  ) => string[];
  expect(words('Ångström 鳥類 d’été')).toEqual(['angstrom', '鳥', '類', 'd', 'ete']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(words(text)).toEqual(foldWords(text));
    }),
    { numRuns: 2_000 },
  );
});
