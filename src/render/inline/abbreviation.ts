import type { Extension } from '../extension.ts';
import { abbreviationsOf } from './explained.ts';

/** Of one page; further ones are text that explains nothing. */
const MAX_ABBREVIATIONS = 200;
const DEFINITION = /^ {0,3}\*\[([^\]\n]{1,100})\]:[ \t]*([^\n]{0,1000})(?:\n+|$)/;

/** `*[HTML]: Hypertext Markup Language`, which explains every `HTML` of the page. */
export const abbreviation: Extension = {
  name: 'abbreviation',
  block: {
    interrupts: / {0,3}\*\[[^\]\n]{1,100}\]:/,
    tokenize(source, lexer) {
      const [raw, short, meaning] = DEFINITION.exec(source) ?? [];
      if (raw === undefined || !short?.trim() || meaning === undefined) return undefined;
      const { meanings } = abbreviationsOf(lexer.page);
      if (meanings.size < MAX_ABBREVIATIONS) meanings.set(short.trim(), meaning.trim());
      return { type: 'abbreviation', raw };
    },
  },
  render: () => '',
};
