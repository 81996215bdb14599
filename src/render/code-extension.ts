import { codeBlock, loadHighlighter, mayHoldCode, renewHighlighter } from './code.ts';
import type { Extension } from './extension.ts';
import { formula, formulaLines } from './math.ts';

/** Blocks of code, diagrams and formulas: fences and what is indented. */
export const code: Extension = {
  name: 'code',
  prepare: source => (mayHoldCode(source) ? loadHighlighter() : undefined),
  renew: renewHighlighter,
  render({ text, lang }, { page }) {
    const info = typeof lang === 'string' ? lang.trim() : '';
    if (info === 'math')
      return formulaLines(text)
        .map(latex => `<p>${formula(latex, true)}</p>\n`)
        .join('');
    if (info === 'mermaid') page.needs.add('mermaid');
    return codeBlock(text === '' || text.endsWith('\n') ? text : `${text}\n`, info);
  },
};
