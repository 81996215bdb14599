import type { Token } from 'marked';
import { escapeHtml } from './escape.ts';

/** What a reader sees of running text, without tags; character references as they are written. */
export function plainText(tokens: readonly Token[]): string {
  return tokens.map(textOf).join('');
}

const REFERENCES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** Text with the character references that stand for what HTML would read otherwise, and with those by number. */
export function decoded(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g,
    (_, name, decimal, hex) =>
      name === undefined
        ? character(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
        : (REFERENCES[name] ?? ''),
  );
}

/** For quoted values of attributes: text of Markdown, whose character references stay what they are. */
export function escapedOnce(text: string): string {
  return text.replace(/[<>"']|&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,40});)/g, escapeHtml);
}

function character(code: number): string {
  const isOne = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isOne ? String.fromCodePoint(code) : '\ufffd';
}

function textOf(token: Token): string {
  if (token.type === 'html') return '';
  if (token.type === 'br') return ' ';
  if ('plain' in token && typeof token.plain === 'string') return token.plain;
  if ('tokens' in token && token.tokens !== undefined) return plainText(token.tokens);
  return 'text' in token ? token.text : '';
}
