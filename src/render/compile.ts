import type { MarkedOptions } from 'marked';
import { renderTooDeep, renderTooLarge } from './errors.ts';
import type { Frontmatter } from './frontmatter.ts';
import { frontmatterHtml } from './frontmatter.ts';
import { PageLexer } from './page-lexer.ts';
import { PageParser } from './page-parser.ts';
import { maxOutput, PageState } from './page-state.ts';
import type { CompiledPage, Reference, RenderSettings } from './renderer.ts';

export interface Compiler {
  settings: RenderSettings;
  options: MarkedOptions;
  sanitize(html: string, page: PageState): string;
  /** What follows the text, such as footnotes. */
  tails: readonly ((page: PageState, parser: PageParser) => string)[];
}

/** What there is of the stack is enough for our own limits of depth; what ends it is a pattern or a library that nests deeper. */
const STACK_DEPTH = 1_000;
const REFERENCE = / data-state="\0(\d+)\0"|\0(\d+)\0/g;

/**
 * Everything of a page that does not depend on where it is shown. Waits for nothing, changes nothing but what it has made itself.
 * @throws KittiwakeError `render_too_large`, `render_too_deep`
 */
export function compilePage(compiler: Compiler, document: Frontmatter): CompiledPage {
  try {
    return compileBounded(compiler, document);
  } catch (error) {
    if (error instanceof RangeError && /call stack|too much recursion/i.test(error.message))
      throw renderTooDeep(STACK_DEPTH);
    throw error;
  }
}

function compileBounded(compiler: Compiler, document: Frontmatter): CompiledPage {
  const { settings, options, sanitize } = compiler;
  const page = new PageState(settings);
  const { hooks } = settings;
  // U+0000 is the sign of our references.
  const tokens = new PageLexer(options, page).lex(document.body.replaceAll('\0', '\ufffd'));
  const parser = new PageParser(options, page);
  const content = parser.parse(tokens);
  const tails = compiler.tails.map(tail => tail(page, parser)).join('');
  const html = frontmatterHtml(document.frontmatter, page) + content + tails;
  const processed = hooks?.postprocess?.(html) ?? html;
  if (processed.length > maxOutput(settings)) throw renderTooLarge('the HTML', maxOutput(settings));
  return {
    ...split(sanitize(processed, page), page.refs),
    headings: page.headings,
    title: titleOf(document),
    needs: [...page.needs].sort(),
  };
}

/** The references that are left, in the order of the text. */
function split(html: string, refs: readonly Reference[]): Pick<CompiledPage, 'html' | 'refs'> {
  const parts: string[] = [];
  const used: Reference[] = [];
  let from = 0;
  for (const match of html.matchAll(REFERENCE)) {
    const ref = refs[Number(match[1] ?? match[2])];
    if (ref === undefined) continue;
    parts.push(html.slice(from, match.index));
    used.push(ref);
    from = match.index + match[0].length;
  }
  return { html: [...parts, html.slice(from)], refs: used };
}

function titleOf({ frontmatter }: Frontmatter): string | null {
  const title = frontmatter?.title;
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : null;
}
