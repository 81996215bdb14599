import { describe, expect, test } from 'vitest';
import { KittiwakeError } from '../../../src/core/errors.ts';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import { addCounts, type FinishedBatch, noCounts } from '../../../src/import/engine/batch.ts';
import { sourceCorrupt } from '../../../src/import/errors.ts';
import type { RowPipeline } from '../../../src/import/pipeline/row-pipeline.ts';
import type { FileContent, Row } from '../../../src/import/row.ts';
import type { RowChunk, RowSource } from '../../../src/import/source.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { loadPages } from '../../support/stored-wiki.ts';
import {
  allBatches,
  csvOf,
  defaultPipeline,
  emptyWiki,
  rowsOfRun,
  somePages,
  storedFiles,
  tableOf,
} from './engine-run.ts';

type Values = Row['values'];

/** Rows that are there already, some at once; the position is how many were read. */
function sourceOf(values: readonly Values[], chunkRows = 10): RowSource {
  const rows = values.map((each, index) => ({ values: each, origins: [{ source: 'rows', row: index + 1 }] }));
  return {
    name: 'rows',
    bytesTotal: rows.length,
    async *rows({ from } = {}): AsyncGenerator<RowChunk> {
      for (let at = (from as number | undefined) ?? 0; at < rows.length; at += chunkRows) {
        const position = Math.min(rows.length, at + chunkRows);
        yield { rows: rows.slice(at, position), failures: [], position, bytesRead: position };
      }
    },
  };
}

function fileOf(bytes: Uint8Array, size = bytes.length): FileContent {
  return {
    size,
    async *open() {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    },
  };
}

function total(batches: readonly FinishedBatch[]) {
  const counts = noCounts();
  for (const batch of batches) addCounts(counts, batch.counts);
  return counts;
}

/** Passes the first of each two rows on, a while after it was read: a pipeline with state. */
function everySecond(): RowPipeline {
  const { spec } = defaultPipeline();
  return {
    spec,
    isRowWise: false,
    async *stream(rows, into) {
      let count = 0;
      for await (const chunk of rows) {
        const kept = chunk.filter(() => count++ % 2 === 0);
        into.filtered(chunk.length - kept.length);
        const [bad] = kept.filter(row => row.values.content === 'bad');
        if (bad) into.failure({ origins: bad.origins, code: 'row_bad', message: 'It is bad' });
        yield kept
          .filter(row => row !== bad)
          .map(({ values, origins }) => ({
            path: `${values.path}.md`,
            content: String(values.content),
            origins,
          }));
      }
    },
  };
}

describe('rows that are not cut as records', () => {
  test.each([0, 2])('become pages and attachments with %i threads', async workers => {
    const repository = await emptyWiki();
    const picture = Buffer.from(Array.from({ length: 250_000 }, (_, index) => (index * 7919) >> 5));
    const source = sourceOf([
      { path: 'a', content: 'First' },
      { path: 'a/plan.png', file: fileOf(picture) },
      { path: 'b', content: 'Second' },
    ]);
    const batches = await allBatches({ repository, source, workers });
    expect(await storedFiles(repository, batches)).toMatchObject([
      { path: 'a.md', oid: hashObject('blob', Buffer.from('First')), row: 1 },
      { path: 'a/plan.png', oid: hashObject('blob', picture), size: 250_000, row: 2, description: undefined },
      { path: 'b.md', row: 3 },
    ]);
    expect(total(batches)).toMatchObject({ rows: 3, pages: 2, attachments: 1 });
  });

  test('have large files in packs of their own', async () => {
    const repository = await emptyWiki();
    const film = Buffer.alloc(9 << 20, 'film');
    const source = sourceOf([{ path: 'film.mp4', file: fileOf(film) }]);
    const [batch] = await allBatches({ repository, source });
    const run = batch?.runs[0];
    expect(run).toMatchObject({ rows: 1, pack: undefined, large: [{ objects: 1 }] });
    const [row] = run ? await rowsOfRun(repository, run) : [];
    expect(row).toMatchObject({ oid: hashObject('blob', film), size: film.length, place: undefined });
    const [pack] = run?.large ?? [];
    expect((await repository.packs.index(pack as NonNullable<typeof pack>)).find(row?.oid ?? '')).toBe(12);
  });

  test.each([1_000, 9 << 20])('fail alone when their file of %i bytes is broken', async size => {
    const repository = await emptyWiki();
    const broken: FileContent = {
      size,
      async *open() {
        yield Buffer.alloc(100);
        throw sourceCorrupt('pages.zip', 'its entry ends early');
      },
    };
    const source = sourceOf([
      { path: 'x.png', file: broken },
      { path: 'b', content: 'Second' },
    ]);
    const batches = await allBatches({ repository, source });
    expect(batches.flatMap(batch => batch.failures)).toMatchObject([
      { origins: [{ source: 'rows', row: 1 }], code: 'source_corrupt' },
    ]);
    expect(total(batches)).toMatchObject({ rows: 2, pages: 1, attachments: 0, failed: 1 });
  });

  test('fail alone when a page is no text', async () => {
    const repository = await emptyWiki();
    const made: RowPipeline = {
      spec: undefined,
      isRowWise: true,
      each: ({ origins }, into) => into.item({ path: 'page.md', content: Buffer.of(0xff, 0xfe), origins }),
      stream: () => {
        throw new Error('Rows are worked on one by one');
      },
    };
    const batches = await allBatches({ repository, source: sourceOf([{}]), pipeline: made });
    expect(batches.flatMap(batch => batch.failures)).toMatchObject([{ code: 'text_invalid' }]);
  });

  test('go on from each position of a pipeline with state as if it had not ended', async () => {
    const repository = await emptyWiki();
    const values = somePages(60).map(({ path, content }, index) => ({
      path,
      content: index % 20 === 4 ? 'bad' : content,
    }));
    const run = (from?: unknown) =>
      allBatches({
        repository,
        source: sourceOf(values, 7),
        pipeline: everySecond(),
        batchBytes: 500,
        ...(from === undefined ? {} : { from }),
      });
    const batches = await run();
    expect(total(batches)).toMatchObject({ rows: 60, pages: 27, filtered: 30, failed: 3 });
    for (const [index, { position }] of batches.entries()) {
      const joined = [...batches.slice(0, index + 1), ...(await run(JSON.parse(JSON.stringify(position))))];
      expect(await storedFiles(repository, joined)).toEqual(await storedFiles(repository, batches));
      expect(joined.flatMap(batch => batch.failures)).toEqual(batches.flatMap(batch => batch.failures));
      expect(total(joined)).toEqual(total(batches));
    }
  });
});

describe('a dry run', () => {
  test.each([0, 1])('stores nothing, and tells what it would with %i threads', async workers => {
    const store = createMemoryByteStore();
    const repository = await emptyWiki(store);
    await loadPages(repository, [
      { path: 'same.md', text: 'The same' },
      { path: 'other.md', text: 'As it was' },
    ]);
    const before = await store.list('');
    const source = await tableOf(
      csvOf([
        { path: 'same', content: 'The same' },
        { path: 'other', content: 'As it will be' },
        { path: 'new', content: 'New' },
        { path: '.git/x', content: 'No' },
      ]),
    );
    const [batch] = await allBatches({ repository, source, workers, dryRun: true });
    expect(await store.list('')).toEqual(before);
    expect(batch).toMatchObject({ runs: [], counts: { rows: 4, pages: 3, unchanged: 1, failed: 1 } });
    expect(batch?.sample).toEqual([
      { path: 'same.md', size: 8, present: 'same', text: 'The same' },
      { path: 'other.md', size: 13, present: 'other', text: 'As it will be' },
      { path: 'new.md', size: 3, present: 'absent', text: 'New' },
    ]);
  });
});

describe('a store that fails', () => {
  test('ends the engine with its error', async () => {
    const store = createMemoryByteStore();
    const repository = await emptyWiki(store);
    const put = store.put.bind(store);
    store.put = async (key, ...rest) => {
      if (key.startsWith('packs/')) throw new KittiwakeError('storage_full', `Writing "${key}": no space`);
      return await put(key, ...rest);
    };
    const source = await tableOf(csvOf(somePages(5)));
    await expect(allBatches({ repository, source })).rejects.toMatchObject({ code: 'storage_full' });
  });
});
