import { Lexer, type MarkedOptions, type Token, Tokenizer, type Tokens, type TokensList } from 'marked';
import { renderTooDeep, renderTooLarge } from './errors.ts';
import type { PageState } from './page-state.ts';

/** Blocks within blocks, and emphasis within emphasis. */
const MAX_DEPTH = 100;
/** Short rows are filled up to the width of a table, so a small source may have many cells. */
const MAX_CELLS = 200_000;
/** Tables of fewer columns have not many more cells than their source has characters. */
const NARROW = 20;
const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/i;

/** Reads one page. */
export class PageLexer extends Lexer {
  readonly page: PageState;
  #depth = 0;

  constructor(options: MarkedOptions, page: PageState) {
    super({ ...options, tokenizer: new PageTokenizer() });
    this.page = page;
  }

  /** @throws KittiwakeError `render_too_deep` */
  override blockTokens(src: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    return this.#deeper(() => super.blockTokens(src, tokens, lastParagraphClipped));
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    return this.#deeper(() => super.inlineTokens(src, tokens));
  }

  /** The blocks of what stands within another block. */
  nested(src: string): Token[] {
    const { top } = this.state;
    this.state.top = true;
    const tokens = this.blockTokens(src, []);
    this.state.top = top;
    return tokens;
  }

  #deeper<T>(work: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw renderTooDeep(MAX_DEPTH);
    this.#depth += 1;
    const result = work();
    this.#depth -= 1;
    return result;
  }
}

class PageTokenizer extends Tokenizer {
  /** One that begins with `[!NOTE]` is an alert: the token then says which. */
  override blockquote(src: string): Tokens.Blockquote | undefined {
    const token = super.blockquote(src);
    const first = token?.tokens[0];
    const alert = first?.type === 'paragraph' ? ALERT.exec(first.text)?.[0] : undefined;
    if (token === undefined || first?.type !== 'paragraph' || alert === undefined) return token;
    const queued = this.lexer.inlineQueue.findLast(each => each.tokens === first.tokens);
    if (queued !== undefined) queued.src = queued.src.slice(alert.length);
    if (alert.length === first.text.length) token.tokens.shift();
    return { ...token, alert: alert.trim().slice(2, -1).toLowerCase() } as Tokens.Blockquote;
  }

  override table(src: string): Tokens.Table | undefined {
    const columns = countOf(src.slice(0, lineEnd(src, 0)), '|');
    if (columns > NARROW && columns * rowsOf(src) > MAX_CELLS) throw renderTooLarge('a table', MAX_CELLS);
    return super.table(src);
  }
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}

function rowsOf(src: string): number {
  const blank = src.indexOf('\n\n');
  return countOf(blank < 0 ? src : src.slice(0, blank), '\n');
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}
