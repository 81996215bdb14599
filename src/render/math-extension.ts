import type { Tokens } from 'marked';
import type { Extension } from './extension.ts';
import { formula, loadMath, mayHoldMath } from './math.ts';

/** Alone in a paragraph, or with other text around it. */
const DISPLAY = /^ {0,3}\$\$((?:\\[\s\S]|[^\\$])+)\$\$[ \t]*(?:\n+|$)/;
const INLINE_DISPLAY = /^\$\$((?:\\[\s\S]|[^\\$])+)\$\$/;
/** Not money: no space inside at the ends, no digit behind. */
const INLINE = /^\$(?![\s$])((?:\\[\s\S]|[^\\$])+)(?<!\s)\$(?!\d)/;
const CODE_SPAN = /^(`+)\$([^`]+)\$\1(?!`)/;

/** `$$a$$` alone in its lines. */
export const displayMath: Extension = {
  name: 'displayMath',
  block: {
    interrupts: / {0,3}\$\$/,
    tokenize: source => token('displayMath', DISPLAY.exec(source), { group: 1, isDisplay: true }),
  },
  render: ({ latex }) => `<p>${formula(latex, true)}</p>\n`,
};

/** `$a$`, `` `$a$` ``, and `$$a$$` within a text. */
export const inlineMath: Extension = {
  name: 'inlineMath',
  prepare: source => (mayHoldMath(source) ? loadMath() : undefined),
  inline: {
    triggers: '$`',
    tokenize: source =>
      token('inlineMath', INLINE_DISPLAY.exec(source), { group: 1, isDisplay: true }) ??
      token('inlineMath', INLINE.exec(source), { group: 1, isDisplay: false }) ??
      token('inlineMath', CODE_SPAN.exec(source), { group: 2, isDisplay: false }),
  },
  render: ({ latex, isDisplay }) => formula(latex, isDisplay),
};

function token(
  type: string,
  found: RegExpExecArray | null,
  { group, isDisplay }: { group: number; isDisplay: boolean },
): Tokens.Generic | undefined {
  const latex = found?.[group]?.trim();
  return found && latex ? { type, raw: found[0], latex, isDisplay, plain: latex } : undefined;
}
