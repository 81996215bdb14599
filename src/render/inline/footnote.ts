import type { Token } from 'marked';
import { escapeHtml } from '../escape.ts';
import type { Extension } from '../extension.ts';
import { linesWhile } from '../lines.ts';
import type { PageParser } from '../page-parser.ts';
import type { PageState } from '../page-state.ts';

const REFERENCE = /^\[\^([^\]\n]{1,200})\](?!\()/;
const DEFINITION = /^ {0,3}\[\^([^\]\n]{1,200})\]:[ \t]*/;

interface Footnotes {
  definitions: Map<string, Token[]>;
  /** In the order in which they are first referred to. */
  used: Footnote[];
}

interface Footnote {
  key: string;
  anchor: string;
  /** Anchors of the places that refer to it. */
  references: string[];
}

/** `[^1]` */
export const footnoteReference: Extension = {
  name: 'footnoteReference',
  inline: {
    triggers: '[',
    tokenize(source) {
      const found = REFERENCE.exec(source);
      return found === null
        ? undefined
        : { type: 'footnoteReference', raw: found[0], key: keyOf(found[1]), plain: '' };
    },
  },
  render({ raw, key }, { page }) {
    const footnotes = page.part(none);
    if (!footnotes.definitions.has(key)) return escapeHtml(raw);
    const { number, footnote } = use(key, footnotes, page);
    const suffix = footnote.references.length === 0 ? '' : `-${footnote.references.length + 1}`;
    const reference = page.anchor(`fnref-${number}${suffix}`);
    footnote.references.push(reference);
    return `<sup class="footnote-ref" id="${reference}"><a href="#${footnote.anchor}">${number}</a></sup>`;
  },
};

/** `[^1]: What is indented below belongs to it.` */
export const footnoteDefinition: Extension = {
  name: 'footnoteDefinition',
  block: {
    interrupts: / {0,3}\[\^[^\]\n]{1,200}\]:/,
    tokenize(source, lexer) {
      const found = DEFINITION.exec(source);
      if (found === null) return undefined;
      const raw = linesWhile(source, line => /^(?:[ \t]|$)/.test(line));
      const text = raw.slice(found[0].length).replace(/^(?: {1,4}|\t)/gm, '');
      const { definitions } = lexer.page.part(none);
      const tokens = lexer.nested(text);
      const key = keyOf(found[1]);
      if (!definitions.has(key)) definitions.set(key, tokens);
      return { type: 'footnoteDefinition', raw };
    },
  },
  render: () => '',
};

/** What stands at the end of the page. Footnotes may refer to further ones. */
export function footnoteList(page: PageState, parser: PageParser): string {
  const footnotes = page.part(none);
  let items = '';
  for (let at = 0; at < footnotes.used.length; at++) items += item(at, footnotes, parser);
  return items === '' ? '' : `<section class="footnotes">\n<hr>\n<ol>\n${items}</ol>\n</section>\n`;
}

function item(at: number, { used, definitions }: Footnotes, parser: PageParser): string {
  const footnote = used[at];
  if (footnote === undefined) return '';
  const content = parser.parse(definitions.get(footnote.key) ?? []).trimEnd();
  const back = footnote.references
    .map(each => ` <a class="footnote" href="#${each}" aria-label="Back to reference ${at + 1}">↩</a>`)
    .join('');
  const html = content.endsWith('</p>') ? `${content.slice(0, -4)}${back}</p>` : `${content}${back}`;
  return `<li id="${footnote.anchor}">${html}</li>\n`;
}

function use(key: string, { used }: Footnotes, page: PageState): { number: number; footnote: Footnote } {
  const numbers = page.part(noNumbers);
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = used.length + 1;
  const footnote = { key, anchor: page.anchor(`fn-${number}`), references: [] };
  used.push(footnote);
  numbers.set(key, { number, footnote });
  return { number, footnote };
}

function keyOf(label: string | undefined): string {
  return (label ?? '').trim().toLowerCase();
}

function none(): Footnotes {
  return { definitions: new Map(), used: [] };
}

function noNumbers(): Map<string, { number: number; footnote: Footnote }> {
  return new Map();
}
