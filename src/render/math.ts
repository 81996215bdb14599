import { escapeHtml } from './escape.ts';

/** Of one formula, in UTF-16 units. */
const MAX_LENGTH = 20_000;
/** Of macros in one formula. */
const MAX_EXPANSIONS = 500;
/** Of lengths that an author gives: in em, and in points. */
const MAX_SIZE: [number, number] = [40, 600];

type Typesetter = Pick<typeof import('temml'), 'renderToString'>;

let typesetter: Typesetter | undefined;

/** True for a text that may hold a formula. */
export function mayHoldMath(source: string): boolean {
  return source.includes('$') || /(?:`{3}|~{3})[ \t]*math/.test(source);
}

/** To be awaited before {@link formula} of a text that {@link mayHoldMath}. */
export async function loadMath(): Promise<void> {
  typesetter ??= (await import('temml')).default;
}

/**
 * A formula of LaTeX as MathML. What cannot be read is shown as it is written. Commands that lead elsewhere or set attributes
 * (`\href`, `\includegraphics`, `\class`, `\style`) are not known.
 */
export function formula(latex: string, isBlock: boolean): string {
  const html = latex.length > MAX_LENGTH ? undefined : typeset(latex, isBlock);
  return html ?? `<code class="math-error">${escapeHtml(latex)}</code>`;
}

/** The lines of a `math` fence, each a formula; those of an environment belong together. */
export function formulaLines(source: string): string[] {
  const formulas: string[] = [];
  let depth = 0;
  for (const line of source.split('\n')) {
    if (depth > 0) formulas[formulas.length - 1] += `\n${line}`;
    else if (line.trim() !== '') formulas.push(line);
    depth = Math.max(0, depth + countOf(line, '\\begin{') - countOf(line, '\\end{'));
  }
  return formulas;
}

function typeset(latex: string, displayMode: boolean): string | undefined {
  try {
    return typesetter?.renderToString(latex, {
      displayMode,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: MAX_EXPANSIONS,
      maxSize: MAX_SIZE,
    });
  } catch {
    return undefined;
  }
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
