import type { Token } from 'marked';
import { escapeHtml } from '../escape.ts';
import type { Extension } from '../extension.ts';
import type { PageLexer } from '../page-lexer.ts';
import type { PageParser } from '../page-parser.ts';
import { caption, figure, imageFrame, infoBox } from './boxes.ts';
import type { EmbeddingToken } from './embedding-token.ts';
import { optionValues, readEmbedding } from './parse.ts';
import { video } from './video.ts';

type Draw = (token: EmbeddingToken, parser: PageParser) => string;

/** By name in lower case without spaces. */
const KINDS: ReadonlyMap<string, Draw> = new Map<string, Draw>([
  ['infobox', infoBox],
  ['imageframe', imageFrame],
  ['figure', figure],
  ['video', video],
  ['datatable', dataTable],
  ['attachmentlist', reference('attachment-list')],
  ['attachments', reference('attachment-list')],
  ['pageindex', reference('page-index')],
  ['include', reference('include')],
]);

/** `{{Name|key=value … }}`: blocks that Markdown has not. */
export const embedding: Extension = {
  name: 'embedding',
  block: {
    interrupts: / {0,3}\{\{[A-Za-z]/,
    tokenize: (source, lexer) => {
      const read = readEmbedding(source);
      if (read === undefined) return undefined;
      const cells = read.options.map(({ key, value }) => ({ key, tokens: lexer.inline(value) }));
      return {
        type: 'embedding',
        ...read,
        values: optionValues(read.options),
        cells,
        tokens: bodyTokens(read.body, lexer),
      };
    },
  },
  render: (token, parser) => draw(token as EmbeddingToken, parser),
};

function bodyTokens(body: string, lexer: PageLexer): Token[] {
  return body === '' ? [] : lexer.nested(body);
}

function draw(token: EmbeddingToken, parser: PageParser): string {
  const kind = KINDS.get(token.name.toLowerCase().replaceAll(' ', ''));
  if (kind !== undefined) return kind(token, parser);
  const { hooks } = parser.page.settings;
  const drawn = hooks?.renderEmbedding?.(token.name, token.values, linesOf(token.body));
  return drawn ?? `<p class="text-danger">Unknown Embedding: <code>${escapeHtml(token.name)}</code></p>\n`;
}

/** A table in the text, or one of an attachment. */
function dataTable(token: EmbeddingToken, parser: PageParser): string {
  if (token.values.src !== undefined) return reference('data-table')(token, parser);
  return `<div class="embed-table">\n${caption(token, parser, 'embed-caption')}${parser.parse(token.tokens)}</div>\n`;
}

/** What depends on other files is drawn where the page is shown. */
function reference(name: string): Draw {
  return ({ values, body }, { page }) => {
    const embed = page.reference({ kind: 'embed', name, options: { ...values }, args: linesOf(body) });
    return `<div class="embed-${name}">${embed}</div>\n`;
  };
}

function linesOf(body: string): string[] {
  return body
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}
