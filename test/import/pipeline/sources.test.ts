import { describe, expect, it } from 'vitest';
import { batch } from '../../../src/import/operator/batch.ts';
import { createMemoStore } from '../../../src/import/operator/memo-store.ts';
import type { PageItem } from '../../../src/import/page-item.ts';
import { checkPipeline } from '../../../src/import/pipeline/check.ts';
import { compilePipeline } from '../../../src/import/pipeline/compile.ts';
import { filterRows, mapRows, pipelineOf, slowRows } from '../../../src/import/pipeline/pipeline-of.ts';
import { type PipelineResources, sourcesUsed } from '../../../src/import/pipeline/resources.ts';
import type { RowPipeline } from '../../../src/import/pipeline/row-pipeline.ts';
import { wikiPages } from '../../../src/import/pipeline/wiki-pages.ts';
import type { Row } from '../../../src/import/row.ts';
import type { RowSource } from '../../../src/import/source.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { newWiki } from '../../wiki/wiki-support.ts';
import { cut, rowsOf, told } from '../operator/operator-support.ts';

const naming = { retainPageNameCase: false, into: '' };

async function items(pipeline: RowPipeline, rows: readonly Row[], report = told()): Promise<PageItem[]> {
  const into = { ...report, item: () => expect.unreachable('items of a stream are yielded') };
  const made: PageItem[] = [];
  for await (const chunk of pipeline.stream(cut(rows, [2]), into)) made.push(...chunk);
  return made;
}

function sourceOf(rows: readonly Row[]): RowSource {
  return {
    name: 'authors',
    bytesTotal: 0,
    async *rows() {
      const failures = [{ origins: [{ source: 'authors', row: 9 }], code: 'row_long', message: 'Too long' }];
      yield { rows, failures, position: 1, bytesRead: 0 };
    },
  };
}

async function wikiWithPages() {
  const wiki = await newWiki();
  await wiki.commit({
    'docs/intro.md': '---\ntitle: Welcome\n---\nHello',
    'docs/plan.png': Buffer.from('png'),
    'sea.md': 'Gulls',
    'broken.md': Buffer.from([0xff, 0xfe, 0xff]),
  });
  return wiki;
}

async function gathered(source: RowSource, from?: unknown) {
  const [rows, failures, positions]: [Row[], unknown[], unknown[]] = [[], [], []];
  for await (const chunk of source.rows({ from })) {
    rows.push(...chunk.rows);
    failures.push(...chunk.failures);
    positions.push(chunk.position);
  }
  return { rows, failures, positions };
}

describe('the pages of the wiki as rows', () => {
  const columns = ['path', 'title', 'content', 'revision', 'frontmatter'] as const;

  it('have path, title, content, revision and frontmatter', async () => {
    const { repository } = await wikiWithPages();
    const view = await repository.view();
    const source = wikiPages('wiki', { view, commit: view.head, columns, retainPageNameCase: false });
    const { rows, failures } = await gathered(source);
    expect(rows).toEqual([
      {
        values: {
          path: 'docs/intro',
          title: 'Welcome',
          content: '---\ntitle: Welcome\n---\nHello',
          revision: view.head,
          frontmatter: { title: 'Welcome' },
        },
        origins: [{ source: 'wiki', row: 2 }],
      },
      {
        values: { path: 'sea', title: 'Sea', content: 'Gulls', revision: view.head, frontmatter: null },
        origins: [{ source: 'wiki', row: 3 }],
      },
    ]);
    expect(failures).toMatchObject([{ code: 'encoding_invalid', origins: [{ row: 1 }] }]);
  });

  it('stay those of the commit that they are of, whatever is written since', async () => {
    const { repository, put } = await wikiWithPages();
    const before = await repository.view();
    const options = { commit: before.head, columns, retainPageNameCase: false };
    const first = await gathered(wikiPages('wiki', { ...options, view: before }));
    await put('sea', 'Terns');
    await put('new', 'Page');
    const after = await repository.view();
    expect(after.head).not.toBe(before.head);
    expect(await gathered(wikiPages('wiki', { ...options, view: after }))).toEqual(first);
  });

  it('are read on from any position, and are none of a wiki without commits', async () => {
    const { repository, commit } = await newWiki();
    const view = await repository.view();
    const empty = wikiPages('wiki', {
      view,
      commit: view.head,
      columns: ['path'],
      retainPageNameCase: false,
    });
    expect((await gathered(empty)).rows).toEqual([]);
    await commit(Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`p${n}.md`, 'x'])));
    const full = await repository.view();
    const source = wikiPages('wiki', {
      view: full,
      commit: full.head,
      columns: ['path'],
      retainPageNameCase: false,
    });
    const all = await gathered(source);
    expect(all.rows).toHaveLength(70);
    const [position] = all.positions;
    expect((await gathered(source, position)).rows).toEqual(all.rows.slice(Number(position)));
  });
});

describe('a pipeline with another input', () => {
  const pipeline = checkPipeline({
    sources: { authors: { file: 'authors.csv' } },
    steps: [
      { 'semi-join': { with: 'wiki', on: 'path', anti: true } },
      { join: { with: 'authors', on: { author: 'id' }, columns: ['name'] } },
    ],
    page: { content: 'By {{name}}' },
  });
  const rows = rowsOf('t', [
    { path: 'sea', author: 1 },
    { path: 'new', author: 1 },
    { path: 'none', author: 3 },
  ]);
  const authors = sourceOf(
    rowsOf('authors', [
      { id: '2', name: 'Bo' },
      { id: '1', name: 'Anna' },
    ]),
  );

  it('joins it and the wiki’s own pages, and tells its failures', async () => {
    const view = await (await wikiWithPages()).repository.view();
    const asked: unknown[] = [];
    const resources: PipelineResources = {
      openFile: async (...all) => {
        asked.push(all);
        return authors;
      },
      openWiki: async (name, columns) => {
        asked.push([name, columns]);
        return wikiPages(name, { view, commit: view.head, columns, retainPageNameCase: false });
      },
    };
    const report = told();
    const compiled = compilePipeline({ pipeline, naming }, resources);
    expect([compiled.isRowWise, compiled.each, sourcesUsed(pipeline)]).toEqual([
      false,
      undefined,
      ['authors', 'wiki'],
    ]);
    const made = await items(compiled, rows, report);
    expect(made).toEqual([
      {
        path: 'new.md',
        content: 'By Anna',
        origins: [
          { source: 'authors', row: 2 },
          { source: 't', row: 2 },
        ],
      },
    ]);
    expect(report.failures).toMatchObject([{ code: 'row_long' }]);
    expect(asked).toEqual([
      ['wiki', ['path']],
      ['authors', 'authors.csv', undefined],
    ]);
  });

  it('is refused where nobody opens files, and where there is no wiki', async () => {
    for (const resources of [{}, { openWiki: async () => authors }]) {
      const refused = items(compilePipeline({ pipeline, naming }, resources), rows);
      await expect(refused).rejects.toMatchObject({ code: 'pipeline_source_unavailable' });
    }
    const cached = checkPipeline({ steps: [{ filter: 'true', cache: 'log' }] });
    expect(() => compilePipeline({ pipeline: cached, naming })).toThrow('no place for the results');
  });

  it('makes the same files in the same order each time', async () => {
    const resources = { openFile: async () => authors, openWiki: async () => sourceOf([]) };
    const compiled = compilePipeline({ pipeline, naming }, resources);
    const many = rowsOf(
      't',
      Array.from({ length: 50 }, (_, n) => ({ path: `p${n}`, author: (n % 3) + 1 })),
    );
    const pipelineOfWiki = checkPipeline({
      steps: [{ join: { with: 'authors', on: { author: 'id' } } }],
      sources: { authors: { file: 'x' } },
      page: { content: '' },
    });
    const again = compilePipeline({ pipeline: pipelineOfWiki, naming }, resources);
    expect(await items(again, many)).toEqual(await items(again, many));
    expect(compiled.spec).toEqual({ pipeline, naming });
    expect(structuredClone(compiled.spec)).toEqual(compiled.spec);
  });
});

describe('a pipeline with a cached step', () => {
  it('replays what it made', async () => {
    const memo = createMemoStore(createMemoryByteStore(), 'memo/');
    const run = (cache: string) => {
      const pipeline = checkPipeline({
        steps: [
          { map: { path: '{{name | slug}}' }, cache },
          { filter: 'name != "B"', cache },
        ],
        page: { content: '{{name}}' },
      });
      return items(
        compilePipeline({ pipeline, naming }, { memo }),
        rowsOf('t', [{ name: 'A' }, { name: 'B' }]),
      );
    };
    expect(await run('replay')).toEqual([]);
    const logged = await run('log');
    expect(logged).toMatchObject([{ path: 'a.md', content: 'A' }]);
    expect(await run('replay')).toEqual(logged);
  });
});

describe('a pipeline from code', () => {
  const rows = rowsOf('t', [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);

  it('takes functions, and is row-wise when they are', async () => {
    const steps = [
      filterRows('odd', ({ n }) => Number(n) % 2 === 1),
      mapRows('page', ({ n }) => {
        if (n === 3) throw new RangeError('3');
        return { path: `p${String(n)}`, content: 'x' };
      }),
    ];
    const pipeline = pipelineOf(steps);
    expect([pipeline.isRowWise, pipeline.spec]).toEqual([true, undefined]);
    const report = told();
    expect(await items(pipeline, rows, report)).toMatchObject([{ path: 'p1.md' }]);
    expect(report).toMatchObject({
      count: 2,
      failures: [{ code: 'step_failed', message: 'Running "page" on a row: it threw RangeError' }],
    });
  });

  it('takes operators and steps that take their time', async () => {
    const slow = slowRows({ name: 'slow', identity: '1', mode: 'off' }, async ({ n }) => ({
      n: Number(n) * 10,
    }));
    const pipeline = pipelineOf([slow, batch({ size: 3, as: 'rows', partial: true })], {
      page: { path: 'p{{rows.0.n}}', content: '{{#each rows}}{{n}} {{/each}}' },
    });
    expect(await items(pipeline, rows)).toMatchObject([
      { path: 'p10.md', content: '10 20 30 ', origins: [{ row: 1 }, { row: 2 }, { row: 3 }] },
      { path: 'p40.md', content: '40 ' },
    ]);
  });
});
