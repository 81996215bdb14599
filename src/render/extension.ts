import type { Tokens } from 'marked';
import type { PageLexer } from './page-lexer.ts';
import type { PageParser } from './page-parser.ts';

/**
 * One feature of the Markdown that is rendered. A tokenizer must take time in proportion to what it takes from the source, or to a
 * fixed limit; what it keeps of a page is in `lexer.page` (the same as `parser.page`), nowhere else.
 */
export interface Extension {
  /** Type of the token. One of marked's own, such as `code`: only {@link Extension.render}, which replaces marked's. */
  name: string;
  /** Loads what a page with this source needs. Called before the page is compiled, outside of its time limit. */
  prepare?(source: string): Promise<void> | undefined;
  /** Called when a page was given up in the middle: what may be half done, and outlives the page, is made anew. */
  renew?(): void;
  block?: BlockSyntax;
  inline?: InlineSyntax;
  /**
   * HTML; it passes the sanitiser with everything else. False: as marked does it.
   * @param parser `parse(tokens)`, `parseInline(tokens)`
   */
  render?(token: Tokens.Generic, parser: PageParser): string | false;
}

export interface BlockSyntax {
  /** Matches at the start of a line where it ends a paragraph; without flags, anchors and groups with numbers. Default: it ends none. */
  interrupts?: RegExp;
  /** Called at the start of each block. `raw` of the token is what it takes. Undefined: it is not this. */
  tokenize(source: string, lexer: PageLexer): Tokens.Generic | undefined;
}

export interface InlineSyntax {
  /** ASCII characters that it may begin with. */
  triggers: string;
  /** Called where one of the characters stands. */
  tokenize(source: string, lexer: PageLexer): Tokens.Generic | undefined;
}
