import type { Token } from 'marked';
import { endOfLine } from '../lines.ts';
import type { PageLexer } from '../page-lexer.ts';

export interface Headed {
  /** Running text of the heading that it begins with. */
  title?: Token[];
  tokens: Token[];
}

/** What stands in a block whose first line may be a heading of its own. */
export function headed(content: string, lexer: PageLexer): Headed {
  const text = content.replace(/^(?:[ \t]*\n)+/, '');
  const end = endOfLine(text, 0);
  const title = /^ {0,3}#{1,6}[ \t]+([^\n]*)/.exec(text.slice(0, end))?.[1];
  if (title === undefined) return { tokens: lexer.nested(content) };
  const bare = title.trim().replace(/(?:^|[ \t])#+$/, '');
  return { title: lexer.inline(bare), tokens: lexer.nested(text.slice(end)) };
}
