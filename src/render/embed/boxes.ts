import type { Tokens } from 'marked';
import { escapeHtml } from '../escape.ts';
import type { PageParser } from '../page-parser.ts';
import type { EmbeddingToken } from './embedding-token.ts';

/** Options of an InfoBox that are no rows of its table. */
const LAYOUT = ['caption', 'width', 'float', 'position', 'pos', 'text-align', 'align', 'style'];
const ALIGNMENTS = ['left', 'center', 'right', 'justify'];

/** A table of properties beside the text: every option that is not about its looks is a row. */
export function infoBox(token: EmbeddingToken, parser: PageParser): string {
  const content = parser.parse(token.tokens);
  const row = content && `<tr><td colspan="2"${classes([alignment(token)])}>${content}</td></tr>\n`;
  const rows = token.cells
    .filter(({ key }) => !LAYOUT.includes(key.toLowerCase()))
    .map(
      ({ key, tokens }) =>
        `<tr><th scope="row">${escapeHtml(key.replace(/^_/, ''))}</th><td>${parser.parseInline(tokens)}</td></tr>\n`,
    );
  const table = `<table class="infobox-table">\n<tbody>\n${row}${rows.join('')}</tbody>\n</table>\n`;
  const box = ['infobox', `infobox-float-${side(token)}`, width(token, 35)];
  return `<div${classes(box)}>\n${caption(token, parser, 'infobox-caption')}${table}</div>\n`;
}

/** Pictures in a frame beside the text. */
export function imageFrame(token: EmbeddingToken, parser: PageParser): string {
  const box = ['embed-frame', `embed-float-${side(token)}`, width(token, 30), alignment(token)];
  const content = image(token) + parser.parse(token.tokens);
  return `<div${classes(box)}>\n${content}${caption(token, parser, 'embed-caption')}</div>\n`;
}

/** Anything with a caption below it, in the text. */
export function figure(token: EmbeddingToken, parser: PageParser): string {
  const content = image(token) + parser.parse(token.tokens);
  const described = captionOf(token, parser);
  const below = described && `<figcaption>${described}</figcaption>\n`;
  return `<figure${classes(['figure', alignment(token)])}>\n${content}${below}</figure>\n`;
}

export function caption(token: EmbeddingToken, parser: PageParser, name: string): string {
  const described = captionOf(token, parser);
  return described && `<div class="${name}">${described}</div>\n`;
}

/** Attachments of a page are meant from the page on, as `./name`. */
export function fromPage(target: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:|[/.])/i.test(target) ? target : `./${target}`;
}

function captionOf({ cells }: EmbeddingToken, parser: PageParser): string {
  const cell: { tokens: Tokens.Generic[] } | undefined = cells.find(
    ({ key }) => key.toLowerCase() === 'caption',
  );
  return cell === undefined ? '' : parser.parseInline(cell.tokens);
}

function image({ values: { src, alt } }: EmbeddingToken): string {
  if (src === undefined) return '';
  const name = alt ?? src.slice(src.lastIndexOf('/') + 1);
  return `<p><img class="img-fluid" src="${escapeHtml(fromPage(src))}" alt="${escapeHtml(name)}"></p>\n`;
}

function side({ values }: EmbeddingToken): 'left' | 'right' {
  const wanted = values.float ?? values.position ?? values.pos ?? '';
  return wanted.toLowerCase() === 'left' ? 'left' : 'right';
}

/** As a class, because there are no styles of single elements: in steps of 5 of a hundred. */
function width({ values }: EmbeddingToken, byDefault: number): string {
  const percent = Number(/^(\d{1,3})(?:\.\d+)?%$/.exec(values.width ?? '')?.[1] ?? byDefault);
  return `embed-width-${Math.min(100, Math.max(5, Math.round(percent / 5) * 5))}`;
}

function alignment({ values }: EmbeddingToken): string {
  const wanted = (values['text-align'] ?? values.align ?? '').toLowerCase();
  return ALIGNMENTS.includes(wanted) ? `embed-align-${wanted}` : '';
}

function classes(names: readonly string[]): string {
  const given = names.filter(Boolean);
  return given.length === 0 ? '' : ` class="${given.join(' ')}"`;
}
