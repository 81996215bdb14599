import type { Tokens } from 'marked';
import { escapeHtml } from '../escape.ts';
import type { Extension } from '../extension.ts';
import type { RenderSettings } from '../renderer.ts';
import { slug } from '../slug.ts';

/** Longer names are none. */
const PATTERN = /^\[\[([^\]|]{1,1000})(?:\|([^\]]{1,1000}))?\]\]/;

/** `[[A Page]]`, `[[Title|A Page#Section]]`, `[[#Section]]`; with `wikilinkStyle` the title stands on the right. */
export const wikiLink: Extension = {
  name: 'wikiLink',
  inline: {
    triggers: '[',
    tokenize(source, lexer) {
      const found = lexer.state.inLink ? null : PATTERN.exec(source);
      if (found === null) return undefined;
      const link = parts(found, lexer.page.settings);
      if (link.text === '' || link.target === '') return undefined;
      // What holds a link is none.
      lexer.state.linkEmitted = true;
      return { type: 'wikiLink', raw: found[0], ...link, plain: link.text };
    },
  },
  render(token, { page }) {
    const html = anchorTag(token);
    return page.settings.hooks?.processWikiLink?.(html, { target: token.target, text: token.text }) ?? html;
  },
};

function anchorTag({ target, text }: Tokens.Generic): string {
  if (target.startsWith('#')) return `<a href="#${escapeHtml(slug(target))}">${escapeHtml(text)}</a>`;
  return `<a href="${escapeHtml(target)}" data-state="wiki">${escapeHtml(text)}</a>`;
}

function parts(
  [, left = '', right]: RegExpExecArray,
  settings: RenderSettings,
): { text: string; target: string } {
  if (right === undefined) return { text: left.trim(), target: left.trim() };
  const isPageFirst = pageIsFirst(settings.wikilinkStyle);
  const [text, target] = isPageFirst ? [right, left] : [left, right];
  return { text: text.trim(), target: target.trim() };
}

/** As the wiki reads its own links. */
function pageIsFirst(wikilinkStyle: string): boolean {
  const style = wikilinkStyle.toUpperCase().replaceAll('_', '').trim();
  return style === 'LINKTITLE' || style === 'PAGENAMETITLE';
}
