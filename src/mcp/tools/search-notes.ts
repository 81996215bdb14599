import { findRanked, findSimple } from '../../http/routes/search.ts';
import type { RankedResult } from '../../projection/ranked/find-ranked.ts';
import { listOf, number, object, text, whole } from '../answer-schema.ts';
import { cut, pageOf } from '../paging.ts';
import { defineTool, READS, type ToolAnswer } from '../tool.ts';
import { wordQuery } from '../word-query.ts';
import * as fields from './fields.ts';

const query = { type: 'string', maxLength: 1000 } as const;

export const searchNotes = defineTool({
  name: 'search_notes',
  title: 'Search notes',
  description:
    'Finds pages by words. Mode "simple": those with any of the words, also within other words. Mode "ranked": whole words, all of them, the most fitting first; with OR, -word, "phrases", wor*, title:, heading:, path:, tag: and category:.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['query'],
    properties: {
      query: { ...query, description: 'What to look for.' },
      mode: { type: 'string', enum: ['', 'simple', 'ranked'], description: 'Default simple.' },
      limit: fields.limit(50, 100),
      cursor: fields.cursor,
    },
  },
  output: object(
    {
      query: text,
      results: listOf(object({ name: text, path: text, score: number, snippet: text })),
      total: whole,
      next_cursor: text,
    },
    ['next_cursor'],
  ),
  async run({ query, mode, limit = 50, cursor }, { services }) {
    const index = await services.search();
    const asked = pageOf(limit, cursor, ['q', query]);
    if (mode !== 'ranked') return answerOf(await findSimple(index, asked));
    const { results, ...found } = await findRanked(index, asked);
    return answerOf({ ...found, results: results.map(shortened) });
  },
});

export const semanticSearch = defineTool({
  name: 'semantic_search',
  title: 'Search notes by a description',
  description:
    'Finds pages for a question or a description in plain words, the most fitting first. There is no index of meanings here: pages are ranked by the words of the query, rare ones counting most, so name things as the wiki may call them. A smaller distance fits better.',
  right: 'read',
  effects: READS,
  input: {
    type: 'object',
    required: ['query'],
    properties: {
      query: { ...query, description: 'What the pages are about.' },
      n: { ...fields.limit(5, 50), description: 'Most pages, 1 to 50. Default 5.' },
      max_chunks_per_page: {
        type: 'integer',
        minimum: 1,
        maximum: 10,
        default: 2,
        description: 'Most passages of each page, 1 to 10; there are at most 2. Default 2.',
      },
    },
  },
  output: object({
    query: text,
    results: listOf(object({ name: text, path: text, distance: number, text })),
    total: whole,
  }),
  async run({ query, n = 5, max_chunks_per_page: most = 2 }, { services }) {
    const index = await services.search();
    const found = await index.ranked({ query: wordQuery(query), limit: n });
    const results = found.results.map(result => ({
      name: result.name,
      path: result.path,
      // Scores have no upper end; distances are from 1, which fits not at all, towards 0.
      distance: Math.round(10_000 / (1 + result.score)) / 10_000,
      text: passages(result).slice(0, most).join(' … '),
    }));
    const lines = results.flatMap(({ path, distance, text: passage }, index) => [
      `${index + 1}. ${path} (distance: ${distance.toFixed(2)})`,
      ...indented(passage),
    ]);
    return {
      text: [`${results.length} results for "${query}":`, ...lines].join('\n'),
      data: { query, results, total: found.total },
    };
  },
});

interface Found {
  query: string;
  results: readonly { name: string; path: string; score: number; snippet: string }[];
  total: number;
  next_cursor?: string;
}

function answerOf(found: Found): ToolAnswer {
  const lines = found.results.flatMap(({ path, score, snippet }, index) => [
    `${index + 1}. ${path} (score: ${score.toFixed(2)})`,
    ...indented(snippet),
  ]);
  const text = [`${found.total} results for "${found.query}":`, ...lines, ...cut(found)].join('\n');
  return { text, data: found };
}

function shortened(result: RankedResult): Found['results'][number] {
  const { name, path, score } = result;
  return { name, path, score, snippet: passages(result).join(' … ') };
}

/** Of the text; of the name where there is nothing else. */
function passages({ highlights }: RankedResult): string[] {
  const bodies = highlights.filter(({ field }) => field === 'body');
  return (bodies.length > 0 ? bodies : highlights).map(({ text }) => text);
}

function indented(passage: string): string[] {
  return passage === '' ? [] : passage.split('\n').map(line => `   ${line}`);
}
