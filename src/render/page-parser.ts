import { type MarkedOptions, Parser, Renderer, type Token, type Tokens } from 'marked';
import { escapeHtml } from './escape.ts';
import type { PageState } from './page-state.ts';
import { plainText } from './plain-text.ts';

/** Makes HTML of the tokens of one page. */
export class PageParser extends Parser {
  readonly page: PageState;

  constructor(options: MarkedOptions, page: PageState) {
    super({ ...options, renderer: new PageRenderer(page) });
    this.page = page;
  }
}

class PageRenderer extends Renderer {
  readonly #page: PageState;

  constructor(page: PageState) {
    super();
    this.#page = page;
  }

  override heading(token: Tokens.Heading): string {
    const text = plainText(token.tokens).replace(/\s+/g, ' ').trim();
    const anchor = this.#page.anchor(text);
    this.#page.headings.push({ level: token.depth, text, anchor });
    const link = `<a class="anchor" href="#${anchor}" aria-label="${escapeHtml(`Link to ${text}`)}">#</a>`;
    const content = this.parser.parseInline(token.tokens);
    return `<h${token.depth} id="${anchor}">${content}${link}</h${token.depth}>\n`;
  }

  override blockquote(token: Tokens.Blockquote & { alert?: string }): string {
    if (token.alert === undefined) return super.blockquote(token);
    const title = token.alert.charAt(0).toUpperCase() + token.alert.slice(1);
    const content = this.parser.parse(token.tokens);
    return `<div class="quote-alert quote-alert-${token.alert}">\n<p class="quote-alert-title">${title}</p>\n${content}</div>\n`;
  }

  override listitem(item: Tokens.ListItem): string {
    const attribute = item.task ? ' class="task-list-item"' : '';
    return `<li${attribute}>${this.parser.parse(item.tokens)}</li>\n`;
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    const attribute = checked ? ' checked' : '';
    return `<input class="task-list-item-checkbox" type="checkbox" disabled${attribute}> `;
  }

  override link(token: Tokens.Link): string {
    this.#page.grow(token.href.length + (token.title?.length ?? 0));
    return super.link(token);
  }

  override image({ href, title, tokens, text }: Tokens.Image): string {
    this.#page.grow(href.length + (title?.length ?? 0));
    const named = title ? ` title="${escapeHtml(title)}"` : '';
    const alt = escapeHtml(tokens.length > 0 ? plainText(tokens) : text);
    return `<img class="img-fluid" src="${escapeHtml(href)}" alt="${alt}"${named}>`;
  }
}

/** Tokens of a token, as extensions keep them. */
export function tokensOf(token: Tokens.Generic): Token[] {
  return token.tokens ?? [];
}
