import type { Extension } from '../extension.ts';
import { endOfLine } from '../lines.ts';
import { tokensOf } from '../page-parser.ts';
import { headed } from './headed.ts';

const OPENING = /^ {0,3}(:{3,})[ \t]*([A-Za-z][\w-]{0,63})?[ \t]*(?:\n|$)/;
const CLOSING = /^ {0,3}(:{3,})[ \t]*\n?$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

const CLASSES: Readonly<Record<string, string>> = {
  info: 'primary',
  warning: 'secondary',
  yellow: 'secondary',
  danger: 'danger',
  red: 'danger',
  success: 'success',
  green: 'success',
};

/** `::: info`, lines of Markdown, `:::`. One that is not closed ends with what it stands in, as fences do. */
export const fancyBlock: Extension = {
  name: 'fancyBlock',
  block: {
    interrupts: / {0,3}:{3,}[ \t]*(?:[A-Za-z][\w-]{0,63})?[ \t]*(?:\n|$)/,
    tokenize(source, lexer) {
      const [opening, colons, name = ''] = OPENING.exec(source) ?? [];
      if (opening === undefined || colons === undefined) return undefined;
      const { contentEnd, end } = closing(source, opening.length, colons.length);
      const raw = source.slice(0, end);
      const content = source.slice(opening.length, contentEnd);
      return { type: 'fancyBlock', raw, kind: name, ...headed(content, lexer) };
    },
  },
  render(token, parser) {
    const kind = token.kind === '' ? '' : ` alert-${CLASSES[token.kind] ?? token.kind}`;
    const heading =
      token.title === undefined ? '' : `<h4 class="alert-heading">${parser.parseInline(token.title)}</h4>\n`;
    return `<div class="alert${kind} mb-20" role="alert">\n${heading}${parser.parse(tokensOf(token))}</div>\n`;
  },
};

/** Where the block ends, with those within it closed before. */
function closing(source: string, from: number, colons: number): { contentEnd: number; end: number } {
  const open = [colons];
  let fence: string | undefined;
  for (let at = from; at < source.length; ) {
    const end = endOfLine(source, at);
    const line = source.slice(at, end);
    const run = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (run?.startsWith(fence) && line.trim() === run) fence = undefined;
    } else if (run !== undefined) {
      fence = run;
    } else if ((CLOSING.exec(line)?.[1]?.length ?? 0) >= (open.at(-1) ?? 0)) {
      open.pop();
      if (open.length === 0) return { contentEnd: at, end };
    } else {
      const [, inner, name] = OPENING.exec(line) ?? [];
      if (inner !== undefined && name !== undefined) open.push(inner.length);
    }
    at = end;
  }
  return { contentEnd: source.length, end: source.length };
}
