import { escapeHtml } from '../escape.ts';
import type { Extension } from '../extension.ts';
import type { PageState } from '../page-state.ts';

/** Of one page; further ones are text that explains nothing. */
const MAX_ABBREVIATIONS = 200;
const DEFINITION = /^ {0,3}\*\[([^\]\n]{1,100})\]:[ \t]*([^\n]{0,1000})(?:\n+|$)/;

interface Abbreviations {
  meanings: Map<string, string>;
  /** Made when the first text is written, with all definitions read. Null: there are none. */
  pattern: RegExp | null | undefined;
}

/** `*[HTML]: Hypertext Markup Language`, which explains every `HTML` of the page. */
export const abbreviation: Extension = {
  name: 'abbreviation',
  block: {
    interrupts: / {0,3}\*\[[^\]\n]{1,100}\]:/,
    tokenize(source, lexer) {
      const [raw, short, meaning] = DEFINITION.exec(source) ?? [];
      if (raw === undefined || short === undefined || meaning === undefined) return undefined;
      const { meanings } = lexer.page.part(none);
      if (meanings.size < MAX_ABBREVIATIONS) meanings.set(short.trim(), meaning.trim());
      return { type: 'abbreviation', raw };
    },
  },
  render: () => '',
};

/** Text in HTML, with the abbreviations of the page explained. */
export function explained(text: string, page: PageState, toHtml: (text: string) => string): string {
  const abbreviations = page.part(none);
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
