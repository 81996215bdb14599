import type { Extension } from '../extension.ts';

const TRANSCLUSION = /^ {0,3}!\[\[([^\]\n|]+)\]\][ \t]*(?:\n+|$)/;

/** `![[Page]]` and `![[Page#Section]]`, alone in a line: the page's content, or the picture that it names. */
export const transclusion: Extension = {
  name: 'transclusion',
  block: {
    interrupts: / {0,3}!\[\[/,
    tokenize: source => {
      const found = TRANSCLUSION.exec(source);
      const target = found?.[1]?.trim();
      return found && target ? { type: 'transclusion', raw: found[0], target } : undefined;
    },
  },
  render: ({ target }, { page }) => {
    const embed = page.reference({ kind: 'embed', name: 'include', options: {}, args: [target] });
    return `<div class="embed-include">${embed}</div>\n`;
  },
};
