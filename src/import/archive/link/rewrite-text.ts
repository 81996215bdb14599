import { applyEdits, type Edit } from '../../../wiki/markup/edits.ts';
import { frontmatterBlock } from '../../../wiki/markup/frontmatter.ts';
import { findLinks } from '../../../wiki/markup/markdown-links.ts';
import type { WikiLink } from '../../../wiki/markup/wiki-links.ts';
import type { Notes } from '../convention.ts';

/** A wiki link of another program. */
export interface ForeignLink extends WikiLink {
  /** Written with `!` before it. */
  isEmbed: boolean;
  /** Nothing else is in its line. */
  isAlone: boolean;
  /** In the text's properties. */
  isProperty: boolean;
}

/** What becomes of links: undefined leaves one as it is, null says that it leads nowhere. */
export interface LinkRules {
  /** What takes its place, brackets included. */
  wiki?(link: ForeignLink): string | undefined | null;
  /** Another destination. */
  markdown?(destination: string): string | undefined | null;
}

/** The text with its links as the rules have them; what stands in code is none. Those that lead nowhere are counted. */
export function rewriteText(text: string, rules: LinkRules, notes: Notes): string {
  const edits: Edit[] = [];
  const found = findLinks(text);
  const bodyStart = frontmatterBlock(text)?.bodyStart ?? 0;
  const add = (start: number, end: number, replacement: string | undefined | null) => {
    if (replacement === null) notes.count('link_unresolved');
    else if (replacement !== undefined) edits.push({ start, end, text: replacement });
  };
  for (const link of rules.wiki ? found.wiki : []) {
    const isEmbed = text[link.start - 1] === '!' && text[link.start - 2] !== '\\';
    const start = isEmbed ? link.start - 1 : link.start;
    const foreign = {
      ...link,
      isEmbed,
      isAlone: isAlone(text, start, link.end),
      isProperty: start < bodyStart,
    };
    add(start, link.end, rules.wiki?.(foreign));
  }
  for (const link of rules.markdown ? found.markdown : [])
    add(link.start, link.end, rules.markdown?.(link.destination));
  return edits.length === 0 ? text : applyEdits(text, edits);
}

function isAlone(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const after = text.slice(end, newline < 0 ? text.length : newline);
  return /^ {0,3}$/.test(text.slice(lineStart, start)) && after.trim() === '';
}
