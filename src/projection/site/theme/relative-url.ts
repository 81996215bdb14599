import type { SiteInfo } from './site-page.ts';

/**
 * The way from a page to the site's base: `./` from `docs`, `../` from `docs/intro`. It never is empty, so that what follows it is
 * taken for a path whatever it holds.
 */
export function rootFrom(url: string): string {
  return '../'.repeat(url.split('/').length - 1) || './';
}

/** Where the base is for pages that are shown under any URL: the path of the site's address. */
export function absoluteRoot({ baseUrl }: SiteInfo): string {
  const path = URL.parse(baseUrl)?.pathname ?? '/';
  return path.endsWith('/') ? path : `${path}/`;
}

/** Of feeds and sitemaps: with the site's address where that is known. */
export function addressOf({ baseUrl }: SiteInfo, from: string, url: string): string {
  return baseUrl === '' ? `${rootFrom(from)}${url}` : `${baseUrl}/${url}`;
}

/** Absolute URLs as they are, others from the page's root. */
export function hrefFrom(root: string, url: string): string {
  return /^https?:\/\//.test(url) ? url : root + url;
}
