import { type MarkedOptions, Parser, Renderer, type Token, type Tokens } from 'marked';
import { OPAQUE_ELEMENTS } from './allow-list.ts';
import { escapeHtml } from './escape.ts';
import { explained } from './inline/explained.ts';
import type { PageState } from './page-state.ts';
import { decoded, escapedOnce, plainText } from './plain-text.ts';
import type { RenderHooks } from './renderer.ts';

const OPAQUE_TAG = new RegExp(`<(?=/?(?:${OPAQUE_ELEMENTS.join('|')})(?:[\\s/>]|$))`, 'gi');

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

  get #hooks(): RenderHooks | undefined {
    return this.#page.settings.hooks;
  }

  override text(token: Tokens.Text | Tokens.Escape): string {
    if (('tokens' in token && token.tokens) || ('escaped' in token && token.escaped))
      return super.text(token);
    return explained(token.text, this.#page, text => super.text({ ...token, text }));
  }

  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return text.replace(OPAQUE_TAG, '&lt;');
  }

  override heading(token: Tokens.Heading): string {
    const text = decoded(plainText(token.tokens)).replace(/\s+/g, ' ').trim();
    const anchor = this.#page.anchor(text);
    const heading = { level: token.depth, text, anchor };
    this.#page.headings.push(heading);
    const link = `<a class="anchor" href="#${anchor}" aria-label="${escapeHtml(`Link to ${text}`)}">#</a>`;
    const content = this.parser.parseInline(token.tokens);
    const html = `<h${token.depth} id="${anchor}">${content}${link}</h${token.depth}>\n`;
    return this.#hooks?.processHeading?.(html, heading) ?? html;
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
    const html = super.link(token);
    const link = { url: token.href, text: plainText(token.tokens), title: token.title ?? '' };
    return this.#hooks?.processLink?.(html, link) ?? html;
  }

  override image({ href, title, tokens, text }: Tokens.Image): string {
    this.#page.grow(href.length + (title?.length ?? 0));
    const named = title ? ` title="${escapedOnce(title)}"` : '';
    const alt = tokens.length > 0 ? plainText(tokens) : text;
    const html = `<img class="img-fluid" src="${escapedOnce(href)}" alt="${escapedOnce(alt)}"${named}>`;
    return this.#hooks?.processImage?.(html, { src: href, alt, title: title ?? '' }) ?? html;
  }
}

/** Tokens of a token, as extensions keep them. */
export function tokensOf(token: Tokens.Generic): Token[] {
  return token.tokens ?? [];
}
