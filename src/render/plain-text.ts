import type { Token } from 'marked';

/** What a reader sees of running text, without tags. */
export function plainText(tokens: readonly Token[]): string {
  return tokens.map(textOf).join('');
}

function textOf(token: Token): string {
  if (token.type === 'html') return '';
  if (token.type === 'br') return ' ';
  if ('plain' in token && typeof token.plain === 'string') return token.plain;
  if ('tokens' in token && token.tokens !== undefined) return plainText(token.tokens);
  return 'text' in token ? token.text : '';
}
