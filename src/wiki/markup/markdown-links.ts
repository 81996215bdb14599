import { frontmatterBlock } from './frontmatter.ts';
import { textRanges } from './markdown-blocks.ts';
import { findWikiLinks, type WikiLink, WikiLinkScanner } from './wiki-links.ts';

/** A destination in a Markdown text: of a link, an image or a reference definition. Offsets in UTF-16 units. */
export interface MarkdownLink {
  start: number;
  end: number;
  /** As written, without angle brackets. */
  destination: string;
}

export interface Links {
  /** Outside code. */
  wiki: WikiLink[];
  markdown: MarkdownLink[];
}

/** Longer ones are no links. */
const MAX_DESTINATION_LENGTH = 4_096;
const MAX_PARENTHESES = 32;
const SPECIAL = /[\\`<[\]]/g;
const TAG =
  /<\/?[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*\/?>/y;
const AUTOLINK = /<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>/y;

/**
 * Finds the links that a reader would see: wiki links, inline links and images (one inside the other too), reference
 * definitions. Never those in code spans, fences, indented code or HTML comments. Of the frontmatter only wiki links.
 */
export function findLinks(markdown: string): Links {
  const links: Links = { wiki: [], markdown: [] };
  const bodyStart = frontmatterBlock(markdown)?.bodyStart ?? 0;
  if (bodyStart > 0) links.wiki.push(...findWikiLinks(markdown.slice(0, bodyStart)));
  const scanner = new InlineScanner(markdown, links);
  for (const range of textRanges(markdown, bodyStart)) {
    if (range.definition === undefined) scanner.scan(range.start, range.end);
    else readDestination(markdown, range.definition, range.end, links);
  }
  return links;
}

/** Scans the ranges of a text in order. What lies ahead is looked up once, so that it all takes linear time. */
class InlineScanner {
  readonly #text: string;
  readonly #links: Links;
  readonly #wikiLinks: WikiLinkScanner;
  #at = 0;
  #end = 0;
  /** The next character that may begin something. */
  #next = -1;
  /** The next `-->` behind the last comment. */
  #commentEnd = -1;
  /** Open brackets. */
  #brackets = 0;
  /** By length of a run of back-ticks: where the last one of that length begins. */
  #lastRuns: Map<number, number> | undefined;

  constructor(text: string, links: Links) {
    this.#text = text;
    this.#links = links;
    this.#wikiLinks = new WikiLinkScanner(text);
  }

  scan(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    this.#brackets = 0;
    this.#lastRuns = undefined;
    while (this.#at < this.#end) {
      if (this.#next < this.#at) {
        SPECIAL.lastIndex = this.#at;
        this.#next = SPECIAL.exec(this.#text)?.index ?? Number.POSITIVE_INFINITY;
      }
      if (this.#next >= this.#end) return;
      this.#at = this.#next;
      this.#step(this.#text.charAt(this.#at));
    }
  }

  #step(char: string): void {
    if (char === '\\') this.#at += 2;
    else if (char === '`') this.#codeSpan();
    else if (char === '<') this.#angle();
    else if (char === '[') this.#openBracket();
    else this.#closeBracket();
  }

  #codeSpan(): void {
    const length = this.#runLength(this.#at);
    const contentStart = this.#at + length;
    this.#at = contentStart;
    this.#lastRuns ??= this.#indexRuns(contentStart - length);
    // Without a closing run ahead the back-ticks are text; knowing the last one keeps this linear.
    if ((this.#lastRuns.get(length) ?? -1) < contentStart) return;
    let close = this.#text.indexOf('`', contentStart);
    while (close >= 0 && close < this.#end) {
      const closeLength = this.#runLength(close);
      if (closeLength === length) {
        this.#at = close + length;
        return;
      }
      close = this.#text.indexOf('`', close + closeLength);
    }
  }

  #runLength(at: number): number {
    let end = at;
    while (end < this.#end && this.#text.charCodeAt(end) === 0x60) end++;
    return end - at;
  }

  #indexRuns(from: number): Map<number, number> {
    const runs = new Map<number, number>();
    let at = this.#text.indexOf('`', from);
    while (at >= 0 && at < this.#end) {
      const length = this.#runLength(at);
      runs.set(length, at);
      at = this.#text.indexOf('`', at + length);
    }
    return runs;
  }

  #angle(): void {
    if (this.#text.startsWith('<!--', this.#at)) {
      this.#comment(this.#at + 4);
      return;
    }
    for (const pattern of [TAG, AUTOLINK]) {
      pattern.lastIndex = this.#at;
      const match = pattern.exec(this.#text);
      if (match !== null && pattern.lastIndex <= this.#end) {
        this.#at = pattern.lastIndex;
        return;
      }
    }
    this.#at += 1;
  }

  #comment(contentStart: number): void {
    if (this.#commentEnd < contentStart) {
      const close = this.#text.indexOf('-->', contentStart);
      this.#commentEnd = close < 0 ? Number.POSITIVE_INFINITY : close;
    }
    // Not closed here: as text, which is how it is shown.
    this.#at = this.#commentEnd < this.#end ? this.#commentEnd + 3 : contentStart;
  }

  #openBracket(): void {
    if (this.#text.charCodeAt(this.#at + 1) === 0x5b) {
      const link = this.#wikiLinks.at(this.#at);
      if (link !== undefined && link.end <= this.#end) {
        this.#links.wiki.push(link);
        this.#at = link.end;
        return;
      }
    }
    this.#brackets += 1;
    this.#at += 1;
  }

  #closeBracket(): void {
    this.#at += 1;
    if (this.#brackets === 0) return;
    this.#brackets -= 1;
    if (this.#at >= this.#end || this.#text.charCodeAt(this.#at) !== 0x28) return;
    const end = readDestination(this.#text, this.#at + 1, this.#end, this.#links, true);
    if (end !== undefined) this.#at = end;
  }
}

/** Adds the destination at `from`, and answers where the link ends. `inline`: a title and `)` must follow. */
function readDestination(
  text: string,
  from: number,
  end: number,
  links: Links,
  inline = false,
): number | undefined {
  let at = skipSpace(text, from, end);
  const angled = text.charCodeAt(at) === 0x3c;
  if (angled) at += 1;
  const stop = angled ? angledEnd(text, at, end) : bareEnd(text, at, end);
  if (stop === undefined || stop === at) return undefined;
  const after = inline ? linkEnd(text, angled ? stop + 1 : stop, end) : stop;
  if (after === undefined) return undefined;
  links.markdown.push({ start: at, end: stop, destination: text.slice(at, stop) });
  return after;
}

function angledEnd(text: string, from: number, end: number): number | undefined {
  for (let at = from; at < end && at - from < MAX_DESTINATION_LENGTH; at++) {
    const char = text[at];
    if (char === '>') return at;
    if (char === '\n' || char === '<') return undefined;
    if (char === '\\') at += 1;
  }
  return undefined;
}

function bareEnd(text: string, from: number, end: number): number | undefined {
  let depth = 0;
  for (let at = from; at - from < MAX_DESTINATION_LENGTH; at++) {
    const char = at < end ? text.charCodeAt(at) : 0x20;
    if (char <= 0x20 || char === 0x7f) return depth === 0 ? at : undefined;
    if (char === 0x28 && ++depth > MAX_PARENTHESES) return undefined;
    if (char === 0x29 && --depth < 0) return at;
    if (char === 0x5c && at + 1 < end && text.charCodeAt(at + 1) > 0x20) at += 1;
  }
  return undefined;
}

/** Behind the `)` that follows, with a title before it or without. */
function linkEnd(text: string, from: number, end: number): number | undefined {
  let at = skipSpace(text, from, end);
  if (text[at] === ')' && at < end) return at + 1;
  const close = { '"': '"', "'": "'", '(': ')' }[text[at] ?? ''];
  if (close === undefined || at === from) return undefined;
  const open = text[at];
  for (at += 1; at < end && text[at] !== close; at++) {
    if (open === '(' && text[at] === '(') return undefined;
    if (text[at] === '\\') at += 1;
  }
  at = skipSpace(text, at + 1, end);
  return at < end && text[at] === ')' ? at + 1 : undefined;
}

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) <= 0x20) at++;
  return at;
}
