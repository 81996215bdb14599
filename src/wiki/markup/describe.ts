import type { Description } from '../../git/repository.ts';
import { isPageFile, pageStem } from '../name/page-path.ts';
import { countWords, strip } from '../name/python-text.ts';
import type { WikiSettings } from '../settings.ts';
import { type Document, readDocument } from './frontmatter.ts';
import type { JsonValue } from './json-value.ts';
import { candidates, parseDestination, wikiLinkPath } from './link-target.ts';
import { findLinks } from './markdown-links.ts';
import { decodeText } from './text.ts';
import { linkKeys, linksOnTheLeft } from './wiki-links.ts';

/** What the maps keep of each page, so that lists and links need not read it. */
export interface PageFacts {
  /** From the frontmatter, in its own type. Absent when there is none, or null. */
  title?: JsonValue;
  category: string | null;
  tags: string[];
  /** Of the body. */
  words: number;
  /** Keys of the pages it links to by wiki links, sorted: `docs/intro`. */
  links: string[];
}

/** Further links of one page are not indexed. */
const MAX_LINKS = 10_000;

/** Prefix of the targets under which `/links` finds pages: the contract's normalised wiki links. */
const WIKI = 'w:';
/** Prefix of those under which rename finds them: every path that a link of any kind may mean. */
const PATH = 'p:';

/**
 * What `openRepository` is to keep of each file, given as bytes or as text. Undefined for files that are no pages, or not UTF-8. A promise only
 * where the frontmatter needs the YAML library and nothing has loaded it before.
 */
export function createDescribe(
  settings: WikiSettings,
): (
  path: string,
  content: Uint8Array | string,
) => Description<PageFacts> | undefined | Promise<Description<PageFacts> | undefined> {
  return (path, given) => {
    if (!isPageFile(path)) return undefined;
    const content = typeof given === 'string' ? given : decodeText(given);
    if (content === undefined) return undefined;
    const document = readDocument(content);
    if (document instanceof Promise)
      return document.then(read => describePage(path, content, read, settings));
    return describePage(path, content, document, settings);
  };
}

/** The target under which pages with a wiki link of this key are found. */
export function wikiTarget(key: string): string {
  return WIKI + key;
}

/** The target under which pages with any link to a path, with or without `.md`, are found. Case does not matter. */
export function pathTarget(path: string): string {
  return PATH + pageStem(path.toLowerCase());
}

/** True for a {@link pathTarget}. */
export function isPathTarget(target: string): boolean {
  return target.startsWith(PATH);
}

/** Name and text of a page as search and lists show them. */
export function pageText(document: Document, displayName: string): { name: JsonValue; body: string } {
  return { name: titleOf(document) ?? displayName, body: document.body };
}

/** The frontmatter's title. Undefined when there is none, or null. */
export function titleOf(document: Document): JsonValue | undefined {
  return document.frontmatter?.title ?? undefined;
}

function describePage(
  path: string,
  content: string,
  document: Document,
  settings: WikiSettings,
): Description<PageFacts> {
  const title = titleOf(document);
  const isLinking = mayLink(content);
  const links = isLinking ? linkKeys(content, settings).slice(0, MAX_LINKS) : [];
  const paths = isLinking ? linkedPaths(path, content, settings) : [];
  return {
    facts: {
      ...(title === undefined ? {} : { title }),
      ...labelsOf(document),
      words: countWords(document.body),
      links,
    },
    targets: [...links.map(wikiTarget), ...paths.slice(0, MAX_LINKS)],
  };
}

/** False: it holds no wiki link, no inline link and no definition. Finding none in the blocks of a page takes twenty times as long. */
function mayLink(content: string): boolean {
  return content.includes('[[') || content.includes('](') || content.includes(']:');
}

function linkedPaths(page: string, content: string, settings: WikiSettings): string[] {
  const left = linksOnTheLeft(settings);
  const found = findLinks(content);
  const targets = new Set<string>();
  for (const link of found.wiki) {
    const path = wikiLinkPath(link.right === undefined || left ? link.left : link.right);
    if (path !== '') targets.add(pathTarget(path));
  }
  for (const link of found.markdown) {
    const destination = parseDestination(link.destination);
    if (destination === undefined) continue;
    for (const { path } of candidates(destination, page)) targets.add(pathTarget(path));
  }
  return [...targets];
}

/** What the frontmatter files a page under. */
export function labelsOf({ frontmatter }: Document): Pick<PageFacts, 'category' | 'tags'> {
  return { category: categoryOf(frontmatter?.category), tags: tagsOf(frontmatter?.tags) };
}

function categoryOf(value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : asText(value);
}

function tagsOf(value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value.split(',').map(strip).filter(Boolean);
  if (Array.isArray(value)) return value.map(asText);
  return typeof value === 'object' ? Object.keys(value) : [asText(value)];
}

function asText(value: JsonValue): string {
  return value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
}
