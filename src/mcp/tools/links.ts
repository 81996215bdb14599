import { sliceOf } from '../../http/paging.ts';
import type { ReportName } from '../../projection/report/make-report.ts';
import { listOf, number, object, text, textOrNull, whole } from '../answer-schema.ts';
import { cut, pageOf } from '../paging.ts';
import type { Session } from '../session.ts';
import { defineTool, READS, type ToolAnswer } from '../tool.ts';
import * as fields from './fields.ts';

const MAX_SOURCES = 1000;
const MAX_PAGES = 1000;

export const getLinks = defineTool({
  name: 'get_links',
  title: 'Links of a note',
  description:
    'Shows the wiki links of a page, and the pages that link to it, whether or not the page exists.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path'],
    properties: { path: fields.path, limit: fields.limit(MAX_SOURCES, MAX_SOURCES), cursor: fields.cursor },
  },
  output: object({ path: text, links_to: listOf(text), linked_from: listOf(text), next_cursor: text }, [
    'next_cursor',
  ]),
  async run({ path, limit = MAX_SOURCES, cursor }, { services }) {
    const links = await (await services.wiki()).pageLinks(path);
    const { items, ...next } = sliceOf(links.linked_from, pageOf(limit, cursor), {
      maxItems: MAX_SOURCES,
      keyOf: source => source,
    });
    const lines = [
      `Links for ${links.path}:`,
      '',
      `Links to (${links.links_to.length}):`,
      ...listed(links.links_to),
      '',
      `Linked from (${links.linked_from.length}):`,
      ...listed(items),
      ...cut(next),
    ];
    return { text: lines.join('\n'), data: { ...links, linked_from: items, ...next } };
  },
});

function listed(paths: readonly string[]): string[] {
  return paths.length === 0 ? ['  (none)'] : paths.map(path => `  - ${path}`);
}

const paged = { limit: fields.limit(MAX_PAGES, MAX_PAGES), cursor: fields.cursor } as const;

export const findOrphanedNotes = defineTool({
  name: 'find_orphaned_notes',
  title: 'Find orphaned notes',
  description: 'Lists the pages that no other page links to, but the home page.',
  right: 'read',
  effects: READS,
  input: { type: 'object', properties: paged },
  output: object({ pages: listOf(object({ path: text, name: {} })), total: whole, next_cursor: text }, [
    'next_cursor',
  ]),
  run: (args, session) =>
    report<{ path: string }>('orphaned', args, session, (total, pages) =>
      total === 0
        ? ['No orphaned notes found: every page is linked from another one.']
        : [`Found ${total} orphaned notes (no page links to them):`, ...pages.map(({ path }) => `- ${path}`)],
    ),
});

export const findBrokenLinks = defineTool({
  name: 'find_broken_links',
  title: 'Find broken links',
  description: 'Lists the pages with links that lead nowhere, and what was perhaps meant.',
  right: 'read',
  effects: READS,
  input: { type: 'object', properties: { limit: fields.limit(100, 100), cursor: fields.cursor } },
  output: object(
    {
      pages: listOf(
        object({
          path: text,
          name: {},
          links: listOf(object({ link: text, target: textOrNull, suggestion: textOrNull })),
          total: whole,
        }),
      ),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  run: (args, session) =>
    report<BrokenPage>('broken-links', { limit: 100, ...args }, session, (total, pages) => [
      `Found ${total} notes with broken links:`,
      ...pages.flatMap(({ path, links }) => [`- ${path}`, ...links.map(brokenLine)]),
    ]),
});

interface BrokenPage {
  path: string;
  links: readonly { link: string; suggestion: string | null }[];
}

function brokenLine({ link, suggestion }: BrokenPage['links'][number]): string {
  return `  - ${link}${suggestion === null ? '' : ` (perhaps ${suggestion})`}`;
}

export const findWantedNotes = defineTool({
  name: 'find_wanted_notes',
  title: 'Find wanted notes',
  description: 'Lists the pages that are linked to and do not exist, those first that most pages link to.',
  right: 'read',
  effects: READS,
  input: { type: 'object', properties: paged },
  output: object(
    {
      pages: listOf(object({ path: text, links: number, linked_from: listOf(text) })),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  run: (args, session) =>
    report<{ path: string; links: number }>('wanted', args, session, (total, pages) => [
      `Found ${total} wanted notes:`,
      ...pages.map(({ path, links }) => `- ${path} (linked from ${links})`),
    ]),
});

async function report<P>(
  name: ReportName,
  { limit = MAX_PAGES, cursor }: { limit?: number; cursor?: string },
  { services }: Session,
  linesOf: (total: number, pages: readonly P[]) => string[],
): Promise<ToolAnswer> {
  const made = await (await services.search()).report(name);
  const { items, ...next } = sliceOf(made.items, pageOf(limit, cursor), {
    maxItems: MAX_PAGES,
    keyOf: ({ path }) => path,
  });
  const pages = made.finish(items);
  const total = made.items.length;
  const lines = [...linesOf(total, pages as readonly P[]), ...cut(next)];
  return { text: lines.join('\n'), data: { pages, total, ...next } };
}
