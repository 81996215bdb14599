import type { MarkedOptions, TokenizerExtensionFunction, TokenizerStartFunction, Tokens } from 'marked';
import { Marked } from 'marked';
import type { Extension } from './extension.ts';
import type { PageLexer } from './page-lexer.ts';
import type { PageParser } from './page-parser.ts';

/** marked's options for these extensions; nothing of a page is in them. */
export function markedOptions(extensions: readonly Extension[]): MarkedOptions {
  const { defaults } = new Marked({ gfm: true });
  const renderers: NonNullable<MarkedOptions['extensions']>['renderers'] = Object.create(null);
  for (const { name, render } of extensions) {
    if (render !== undefined)
      renderers[name] = function (token) {
        return render(token, this.parser as PageParser);
      };
  }
  return {
    ...defaults,
    extensions: {
      renderers,
      childTokens: Object.create(null),
      block: extensions.flatMap(each => (each.block === undefined ? [] : [blockTokenizer(each.block)])),
      inline: [inlineTokenizer(extensions)],
      startBlock: [blockStart(extensions)],
      startInline: [inlineStart(extensions)],
    },
  };
}

function blockTokenizer(syntax: NonNullable<Extension['block']>): TokenizerExtensionFunction {
  return function (source) {
    return syntax.tokenize(source, this.lexer as PageLexer);
  };
}

function inlineTokenizer(extensions: readonly Extension[]): TokenizerExtensionFunction {
  const byChar = new Map<string, NonNullable<Extension['inline']>[]>();
  for (const { inline } of extensions) {
    for (const char of inline?.triggers ?? '') {
      if (inline !== undefined) byChar.set(char, [...(byChar.get(char) ?? []), inline]);
    }
  }
  return function (source) {
    const candidates = byChar.get(source.charAt(0));
    if (candidates === undefined) return undefined;
    for (const syntax of candidates) {
      const token: Tokens.Generic | undefined = syntax.tokenize(source, this.lexer as PageLexer);
      if (token !== undefined) return token;
    }
    return undefined;
  };
}

/** Where marked's own text ends by itself. */
const MARKED_SPECIAL = '\\<![*~_`';

/**
 * Where the next character is that an extension begins with and that marked would read over. Looking no further than to where text
 * ends anyway keeps the whole linear.
 */
function inlineStart(extensions: readonly Extension[]): TokenizerStartFunction {
  const triggers = new Set(extensions.flatMap(each => [...(each.inline?.triggers ?? '')]));
  for (const char of MARKED_SPECIAL) triggers.delete(char);
  const codes = [...MARKED_SPECIAL, ...triggers].map(char =>
    char.charCodeAt(0).toString(16).padStart(4, '0'),
  );
  const special = new RegExp(`[${codes.map(code => `\\u${code}`).join('')}]`);
  return source => {
    const found = source.search(special);
    return found >= 0 && triggers.has(source.charAt(found)) ? found : undefined;
  };
}

/** Where, before the next empty line, a block begins that ends a paragraph. */
function blockStart(extensions: readonly Extension[]): TokenizerStartFunction {
  const patterns = extensions.flatMap(each => each.block?.interrupts?.source ?? []);
  const line = new RegExp(`\\n(?=${patterns.join('|') || '(?!)'})`);
  return source => {
    const blank = source.search(/\n[ \t]*(?:\n|$)/);
    const found = (blank < 0 ? source : source.slice(0, blank)).search(line);
    return found < 0 ? undefined : found + 1;
  };
}
