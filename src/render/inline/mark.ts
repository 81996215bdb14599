import type { Extension } from '../extension.ts';
import { tokensOf } from '../page-parser.ts';

/** Longer ones are none. */
const PATTERN = /^==(?![\s=])([\s\S]{1,2000}?)(?<!\s)==(?!=)/;

/** `==marked==` */
export const mark: Extension = {
  name: 'mark',
  inline: {
    triggers: '=',
    tokenize(source, lexer) {
      const found = PATTERN.exec(source);
      if (found === null) return undefined;
      return { type: 'mark', raw: found[0], tokens: lexer.inlineTokens(found[1] ?? '') };
    },
  },
  render: (token, parser) => `<mark>${parser.parseInline(tokensOf(token))}</mark>`,
};
