import { displayPath } from '../../src/wiki/name/page-path.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import type { PageFile } from '../../test/support/stored-wiki.ts';
import { pagePath } from './page-layout.ts';
import { pageText, RARE_TERM, SHORT_TERM, seededRandom } from './page-text.ts';

/** Pages that link to each hub. */
export const BACK_LINKS = 20;
const HUBS = 5;
const PAGE_BYTES = 2_000;

/** A wiki as people make it: nested pages that link to each other, and hubs that many link to. */
export function* linkedPages(count: number): Generator<PageFile> {
  for (let index = 0; index < count; index += 1) {
    yield { path: pagePath(index, count, 'nested'), text: linkedText(index, count) };
  }
  for (let hub = 0; hub < hubCount(count); hub += 1) {
    yield { path: `hub-${hub}.md`, text: pageText({ seed: -1 - hub, bytes: PAGE_BYTES }) };
  }
}

/** The text of page `index`, with the links and terms that belong to it. */
export function linkedText(index: number, count: number): string {
  const random = seededRandom(index);
  const hub = Math.floor(index / BACK_LINKS);
  const others = Array.from({ length: 3 }, () => apiPath(Math.floor(random() * count), count));
  const links = hub < hubCount(count) ? [`Hub-${hub}`, ...others] : others;
  const terms = isRare(index) ? [RARE_TERM, SHORT_TERM] : [];
  return pageText({ seed: index, bytes: PAGE_BYTES, links, terms });
}

/** Hubs all of whose back-links are there. */
export function hubCount(count: number): number {
  return Math.min(HUBS, Math.floor(count / BACK_LINKS));
}

export function isRare(index: number): boolean {
  return index % 100 === 50;
}

/** The path of page `index` in URLs and answers. */
export function apiPath(index: number, count: number): string {
  return displayPath(pagePath(index, count, 'nested'), DEFAULT_SETTINGS);
}
