import { eventBody } from '../../http/routes/projections.ts';
import type { CommitBody } from '../../wiki/bodies.ts';
import { flag, listOf, object, revision, text, whole } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { cut } from '../paging.ts';
import { defineTool, READS } from '../tool.ts';
import { shortRevision } from '../tried-out.ts';
import * as fields from './fields.ts';

const commitFields = { author: text, date: text, message: text, revision };

export const getRecentChanges = defineTool({
  name: 'get_recent_changes',
  title: 'Recent changes',
  description: 'Lists the newest commits of the wiki, each with the pages that it changed.',
  right: 'read',
  effects: READS,
  input: { type: 'object', properties: { limit: fields.limit(20, 200), cursor: fields.cursor } },
  output: object(
    {
      entries: listOf(object({ ...commitFields, pages_affected: listOf(text) })),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  async run({ limit = 20, cursor }, { services }) {
    const wiki = await services.wiki();
    const body = await wiki.changelog({ limit, ...given({ cursor }) });
    const lines = body.entries.flatMap(({ date, author, pages_affected: pages, message }) => [
      `- ${date} | ${author} | ${pages.join(', ')}`,
      ...messageLines(message),
    ]);
    return {
      text: [`${body.entries.length} recent changes:`, ...lines, ...cut(body)].join('\n'),
      data: body,
    };
  },
});

export const getHistory = defineTool({
  name: 'get_history',
  title: 'History of a note',
  description: 'Lists the commits that changed a page, the newest first, across renames.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['path'],
    properties: { path: fields.path, limit: fields.limit(10, 200), cursor: fields.cursor },
  },
  output: object({ path: text, history: listOf(object(commitFields)), next_cursor: text }, ['next_cursor']),
  async run({ path, limit = 10, cursor }, { services }) {
    const wiki = await services.wiki();
    const body = await wiki.pageHistory(path, { limit, ...given({ cursor }) });
    const lines = [
      `History for ${body.path} (${body.history.length} revisions):`,
      ...body.history.flatMap(commitLines),
      ...cut(body),
    ];
    return { text: lines.join('\n'), data: body };
  },
});

function commitLines({ revision, date, author, message }: CommitBody): string[] {
  return [`- ${shortRevision(revision)} | ${date} | ${author}`, ...messageLines(message)];
}

function messageLines(message: string): string[] {
  return message === '' ? [] : message.split('\n').map(line => `  ${line}`);
}

export const changesSince = defineTool({
  name: 'changes_since',
  title: 'Changes since',
  description:
    'Lists what happened in the wiki since an earlier call: pages created, updated, renamed, deleted, and attachments. Give the cursor of the answer before; without one, the newest changes are answered.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    properties: {
      cursor: {
        ...fields.cursor,
        description: '"cursor" of an answer before, the id of a change, or "start" for everything.',
      },
      limit: fields.limit(100, 1000),
    },
  },
  output: object({
    events: listOf(
      object(
        {
          id: text,
          type: text,
          path: text,
          from: text,
          commit: text,
          author: text,
          date: text,
          message: text,
        },
        ['path', 'from'],
      ),
    ),
    cursor: text,
    more: flag,
  }),
  async run({ cursor: since, limit }, { services }) {
    const projections = await services.projections();
    const { events, cursor, more } = await projections.changes({ since: since || undefined, limit });
    const bodies = events.map(eventBody);
    const lines = [
      `${bodies.length} changes:`,
      ...bodies.map(({ type, path = '', date, author }) => `- ${date} | ${author} | ${type} | ${path}`),
      `${more ? 'There are more: go on' : 'Ask for later ones'} with cursor "${cursor}".`,
    ];
    return { text: lines.join('\n'), data: { events: bodies, cursor, more } };
  },
});
