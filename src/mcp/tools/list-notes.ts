import { sliceOf } from '../../http/paging.ts';
import type { PageListBody } from '../../wiki/bodies.ts';
import { listOf, object, text, textOrNull, whole } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { cut, pageOf } from '../paging.ts';
import { defineTool, READS } from '../tool.ts';
import * as fields from './fields.ts';

const MAX_NOTES = 10_000;

const filter = { type: 'string', maxLength: 2048 } as const;

export const listNotes = defineTool({
  name: 'list_notes',
  title: 'List notes',
  description: 'Lists pages, all or those that fit every filter, in the order of their paths.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    properties: {
      prefix: { ...filter, description: 'Pages whose path begins so.' },
      category: { ...filter, description: 'Pages of this category of the frontmatter.' },
      tag: { ...filter, description: 'Pages with this tag of the frontmatter.' },
      updated_since: { ...filter, description: 'Pages changed at or after this time (ISO 8601).' },
      limit: fields.limit(1000, MAX_NOTES),
      cursor: fields.cursor,
    },
  },
  output: object(
    {
      pages: listOf(
        object({
          path: text,
          name: {},
          category: textOrNull,
          tags: listOf(text),
          last_updated: textOrNull,
          content_length: whole,
        }),
      ),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  async run({ prefix, category, tag, updated_since: updatedSince, limit = 1000, cursor }, { services }) {
    const wiki = await services.wiki();
    const { pages, total } = await wiki.listPages(given({ prefix, category, tag, updatedSince }));
    const { items, ...next } = sliceOf(pages, pageOf(limit, cursor), {
      maxItems: MAX_NOTES,
      keyOf: page => page.path,
    });
    const filters = given({ prefix, category, tag });
    const lines = [
      `Found ${total} notes${matching(filters, updatedSince)}:`,
      ...items.map(line),
      ...cut(next),
    ];
    return { text: lines.join('\n'), data: { pages: items, total, ...next } };
  },
});

function matching(filters: Readonly<Record<string, string>>, since: string | undefined): string {
  const parts = Object.entries(filters).map(([name, value]) => `${name}=${value}`);
  if (since) parts.push(`updated since ${since}`);
  return parts.length === 0 ? '' : ` matching ${parts.join(', ')}`;
}

function line({
  path,
  category,
  tags,
  last_updated: updated,
  content_length: words,
}: PageListBody['pages'][number]): string {
  const parts = [
    ...(category ? [`category: ${category}`] : []),
    ...(tags.length > 0 ? [`tags: ${tags.join(', ')}`] : []),
    ...(updated ? [`last_updated: ${updated}`] : []),
    `${words} words`,
  ];
  return `- ${path} (${parts.join(', ')})`;
}
