import { escapeHtml } from './escape.ts';

/** Longer blocks are shown as they are. In UTF-16 units. */
const MAX_HIGHLIGHTED_LENGTH = 100_000;

type Highlighter = typeof import('highlight.js/lib/common').default;

let library: Highlighter | undefined;
/** The library, or another instance of it. */
let highlighter: Highlighter | undefined;

/** True for a text that may hold a block of code with a language. */
export function mayHoldCode(source: string): boolean {
  return /(?:`{3}|~{3})[ \t]*[^\s`~]/.test(source);
}

/** To be awaited before {@link codeBlock} of a text that {@link mayHoldCode}; the languages are loaded once, all together. */
export async function loadHighlighter(): Promise<void> {
  library ??= (await import('highlight.js/lib/common')).default;
  highlighter ??= library;
}

/** Languages are prepared when they are first used: one whose preparation was cut off in the middle would stay spoilt. */
export function renewHighlighter(): void {
  if (library === undefined) return;
  highlighter = library.newInstance();
  for (const name of library.listLanguages()) {
    const language = library.getLanguage(name);
    if (language !== undefined) highlighter.registerLanguage(name, () => language.rawDefinition());
  }
}

/**
 * A block of code. Known languages are highlighted by classes `hljs-*`; `mermaid` is for the browser to draw; `=` behind the
 * language numbers the lines.
 * @param info what stands behind the fence: `python=`
 */
export function codeBlock(code: string, info: string | undefined): string {
  const [, language = '', numbered = ''] = /^\s*([^\s=]*)(=?)/.exec(info ?? '') ?? [];
  if (language === 'mermaid') return `<pre class="mermaid">${escapeHtml(code)}</pre>\n`;
  const highlighted = highlight(code, language);
  const classes = [highlighted === undefined ? '' : 'hljs', language && `language-${language}`];
  const attribute = classes.some(Boolean) ? ` class="${escapeHtml(classes.filter(Boolean).join(' '))}"` : '';
  const block = `<pre><code${attribute}>${highlighted ?? escapeHtml(code)}</code></pre>`;
  return numbered === '' ? `${block}\n` : `${withNumbers(block, code)}\n`;
}

/** Undefined: it is shown as it is. */
function highlight(code: string, language: string): string | undefined {
  if (code.length > MAX_HIGHLIGHTED_LENGTH || !highlighter?.getLanguage(language)) return undefined;
  return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}

function withNumbers(block: string, code: string): string {
  const count = code.replace(/\n$/, '').split('\n').length;
  const numbers = Array.from({ length: count }, (_, index) => index + 1).join('\n');
  return `<div class="numbered-code"><pre class="line-numbers" aria-hidden="true">${numbers}</pre>${block}</div>`;
}
