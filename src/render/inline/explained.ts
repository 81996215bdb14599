import { escapeHtml } from '../escape.ts';
import type { PageState } from '../page-state.ts';

export interface Abbreviations {
  meanings: Map<string, string>;
  /** Made when the first text is written, with all definitions read. Null: there are none. */
  pattern: RegExp | null | undefined;
}

/** Those of a page. */
export function abbreviationsOf(page: PageState): Abbreviations {
  return page.part(none);
}

/** Text in HTML, with the abbreviations of the page explained. */
export function explained(text: string, page: PageState, toHtml: (text: string) => string): string {
  const abbreviations = abbreviationsOf(page);
  abbreviations.pattern ??= patternOf([...abbreviations.meanings.keys()]);
  if (abbreviations.pattern === null) return toHtml(text);
  const parts = text.split(abbreviations.pattern);
  return parts.map((part, at) => (at % 2 === 0 ? toHtml(part) : abbr(part))).join('');

  function abbr(short: string): string {
    const meaning = abbreviations.meanings.get(short) ?? '';
    page.grow(meaning.length);
    return `<abbr title="${escapeHtml(meaning)}">${toHtml(short)}</abbr>`;
  }
}

function none(): Abbreviations {
  return { meanings: new Map(), pattern: undefined };
}

/** Whole words, the longest first. */
function patternOf(shorts: readonly string[]): RegExp | null {
  if (shorts.length === 0) return null;
  const sorted = shorts
    .toSorted((a, b) => b.length - a.length)
    .map(each => each.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(${sorted.join('|')})(?![\\p{L}\\p{N}_])`, 'u');
}
