import { frontmatterBlock } from '../../../wiki/markup/frontmatter.ts';
import { textRanges } from '../../../wiki/markup/markdown-blocks.ts';

const CALLOUT = /^((?:[ \t]*>)+[ \t]*)\[!([\w -]+)(?:\|[^\]\n]*)?\]([+-]?)[ \t]*([^\r\n]*)/gm;

/** Obsidian's types (https://help.obsidian.md/callouts) among the five that the wiki shows. */
const ALERTS: Readonly<Record<string, string>> = {
  tip: 'TIP',
  hint: 'TIP',
  success: 'TIP',
  check: 'TIP',
  done: 'TIP',
  important: 'IMPORTANT',
  question: 'IMPORTANT',
  help: 'IMPORTANT',
  faq: 'IMPORTANT',
  warning: 'WARNING',
  attention: 'WARNING',
  caution: 'CAUTION',
  failure: 'CAUTION',
  fail: 'CAUTION',
  missing: 'CAUTION',
  danger: 'CAUTION',
  error: 'CAUTION',
  bug: 'CAUTION',
};
/** Their names are those of alerts: they need no title. */
const OWN = new Set(['note', 'tip', 'important', 'warning', 'caution']);

/** Callouts as alerts: `> [!bug]- Title` becomes `> [!CAUTION]` with the title in bold below it. Code is left alone. */
export function calloutsToAlerts(text: string): string {
  if (!text.includes('[!')) return text;
  const ranges = textRanges(text, frontmatterBlock(text)?.bodyStart ?? 0);
  let next = 0;
  return text.replace(CALLOUT, (whole, quote: string, type: string, _fold, title: string, at: number) => {
    const bracket = at + quote.length;
    while ((ranges[next]?.end ?? Number.POSITIVE_INFINITY) <= bracket) next += 1;
    if ((ranges[next]?.start ?? Number.POSITIVE_INFINITY) > bracket) return whole;
    const name = type.trim().toLowerCase();
    const heading = title.trim() || (OWN.has(name) ? '' : capitalized(name));
    const alert = `${quote}[!${ALERTS[name] ?? 'NOTE'}]`;
    if (heading === '') return alert;
    const strong = /[*_`[\]]/.test(heading) ? heading : `**${heading}**`;
    return `${alert}\n${quote}${strong}\n${quote.trimEnd()}`;
  });
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
