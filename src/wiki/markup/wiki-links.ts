import { comparePaths } from '../../git/object/paths.ts';
import { strip } from '../name/python-text.ts';
import type { WikiSettings } from '../settings.ts';

/** Where a wiki link stands in a text: offsets in UTF-16 units. */
export interface WikiLink {
  /** Of the first `[`. */
  start: number;
  /** Behind the last `]`. */
  end: number;
  /** The part left of the first `|`, or all of it. */
  left: string;
  /** The part right of the first `|`. */
  right: string | undefined;
}

type LinkSettings = Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle'>;

/**
 * Every `[[…]]` of a text, in order, code included (API contract 7). Same matches as
 * `\[\[([^\]|]+?)(?:\|([^\]]+?))?\]\]`, in linear time.
 */
export function findWikiLinks(text: string): WikiLink[] {
  const links: WikiLink[] = [];
  const scanner = new WikiLinkScanner(text);
  let at = text.indexOf('[[');
  while (at >= 0) {
    const found = scanner.at(at);
    if (found !== undefined) links.push(found);
    at = text.indexOf('[[', found?.end ?? at + 1);
  }
  return links;
}

/** Matches single links at rising offsets; what lies ahead is looked up once. */
export class WikiLinkScanner {
  readonly #text: string;
  #close = -1;
  #pipe = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The link that begins at `start`, where `[[` stands. */
  at(start: number): WikiLink | undefined {
    const inner = start + 2;
    if (this.#close < inner) this.#close = this.#next(']', inner);
    if (this.#pipe < inner) this.#pipe = this.#next('|', inner);
    const close = this.#close;
    const pipe = this.#pipe;
    if (this.#text.charCodeAt(close + 1) !== 0x5d || close === inner) return undefined;
    if (pipe > close) {
      return { start, end: close + 2, left: this.#text.slice(inner, close), right: undefined };
    }
    if (pipe === inner || pipe === close - 1) return undefined;
    return {
      start,
      end: close + 2,
      left: this.#text.slice(inner, pipe),
      right: this.#text.slice(pipe + 1, close),
    };
  }

  #next(char: string, from: number): number {
    const found = this.#text.indexOf(char, from);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
}

/** True when in `[[a|b]]` the page is `a`. */
export function linksOnTheLeft(settings: LinkSettings): boolean {
  const style = strip(settings.wikilinkStyle.toUpperCase().replaceAll('_', ''));
  return style === 'LINKTITLE' || style === 'PAGENAMETITLE';
}

/**
 * The pages that a text links to, as keys: file paths without `.md`, as far as the contract normalises them. Sorted,
 * unique.
 */
export function linkKeys(text: string, settings: LinkSettings): string[] {
  const left = linksOnTheLeft(settings);
  const keys = new Set<string>();
  for (const link of findWikiLinks(text)) {
    const key = linkKey(link.right === undefined || left ? link.left : link.right, settings);
    if (key !== '') keys.add(key);
  }
  return [...keys].sort(comparePaths);
}

/** Trimmed, without one leading slash and without anchor, lower-cased unless case is retained. */
export function linkKey(target: string, settings: LinkSettings): string {
  const trimmed = strip(target);
  const rooted = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed;
  const hash = rooted.indexOf('#');
  const page = hash < 0 ? rooted : rooted.slice(0, hash);
  return settings.retainPageNameCase ? page : page.toLowerCase();
}
