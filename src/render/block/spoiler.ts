import type { Extension } from '../extension.ts';
import { linesWhile } from '../lines.ts';
import { tokensOf } from '../page-parser.ts';
import { headed } from './headed.ts';

/** `>! hidden` */
export const spoiler: Extension = {
  name: 'spoiler',
  block: {
    interrupts: / {0,3}>!/,
    tokenize(source, lexer) {
      const raw = marked(source, /^ {0,3}>!/);
      if (raw === undefined) return undefined;
      const content = raw.replace(/^ {0,3}>! ?/gm, '');
      return { type: 'spoiler', raw, tokens: lexer.nested(content) };
    },
  },
  render(token, parser) {
    const content = parser.parse(tokensOf(token));
    return `<details class="spoiler">\n<summary>Spoiler</summary>\n<div class="spoiler-content">\n${content}</div>\n</details>\n`;
  },
};

/** `>| # Title`, `>| what unfolds` */
export const fold: Extension = {
  name: 'fold',
  block: {
    interrupts: / {0,3}>\|/,
    tokenize(source, lexer) {
      const raw = marked(source, /^ {0,3}>\|/);
      if (raw === undefined) return undefined;
      return { type: 'fold', raw, ...headed(raw.replace(/^ {0,3}>\| ?/gm, ''), lexer) };
    },
  },
  render(token, parser) {
    const title = token.title === undefined ? '...' : parser.parseInline(token.title);
    const content = parser.parse(tokensOf(token));
    return `<details class="collapse-panel">\n<summary>${title}</summary>\n<div class="collapse-content">\n${content}</div>\n</details>\n`;
  },
};

/** The lines from here on that have the mark. */
function marked(source: string, mark: RegExp): string | undefined {
  return mark.test(source) ? linesWhile(source, line => mark.test(line)) : undefined;
}
