import { Lexer, type MarkedOptions, type Token, Tokenizer, type Tokens, type TokensList } from 'marked';
import { renderTooDeep } from './errors.ts';
import { endOfLine } from './lines.ts';
import type { PageState } from './page-state.ts';

/** Blocks within blocks, and emphasis within emphasis. */
const MAX_DEPTH = 100;
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
    const { page } = this.lexer as PageLexer;
    const cells = cellsAtMost(src);
    if (cells === 0) return undefined;
    page.checkCells(cells);
    const token = super.table(src);
    if (token !== undefined) page.addCells(token.header.length * (token.rows.length + 1));
    return token;
  }
}

/** Zero: it is no table. Short rows are filled up to the width of the table, so a small source may have many cells. */
function cellsAtMost(src: string): number {
  const delimiter = endOfLine(src, 0);
  const body = endOfLine(src, delimiter);
  if (!/^[ \t|:-]*-[ \t|:-]*$/.test(src.slice(delimiter, body).trimEnd())) return 0;
  const columns = countOf(src.slice(delimiter, body), '|') + 1;
  const blank = src.indexOf('\n\n', body - 1);
  return columns * (countOf(src.slice(body, blank < 0 ? src.length : blank), '\n') + 2);
}

function countOf(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}
