import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import { addCounts, type FinishedBatch, noCounts } from '../../../src/import/engine/batch.ts';
import { bareRepository, git } from '../../support/git-command.ts';
import { loadPages } from '../../support/stored-wiki.ts';
import {
  allBatches,
  csvOf,
  emptyWiki,
  packBytes,
  rowsOfRun,
  runBatches,
  somePages,
  storedFiles,
  tableOf,
} from './engine-run.ts';

const PAGES = somePages(300);
const SMALL = { batchBytes: 8_000 };

function total(batches: readonly FinishedBatch[]) {
  const counts = noCounts();
  for (const batch of batches) addCounts(counts, batch.counts);
  return counts;
}

describe('batches of rows', () => {
  test('hold every page once, sorted by path, with its description', async () => {
    const repository = await emptyWiki();
    const batches = await allBatches({ repository, source: await tableOf(csvOf(PAGES)), ...SMALL });
    expect(batches.length).toBeGreaterThan(3);
    for (const run of batches.flatMap(batch => batch.runs)) {
      const paths = (await rowsOfRun(repository, run)).map(row => row.path);
      expect(paths).toEqual(paths.toSorted());
      expect(run.rows).toBe(paths.length);
    }
    const files = await storedFiles(repository, batches);
    expect(files.map(file => [file.path, file.oid, file.source, file.row])).toEqual(
      PAGES.map(({ path, content }, index) => [
        `${path}.md`,
        hashObject('blob', Buffer.from(content)),
        0,
        index + 1,
      ]),
    );
    expect(JSON.parse(files[1]?.description ?? '')).toMatchObject({ facts: { words: 13, links: [] } });
    expect(total(batches)).toMatchObject({ rows: 300, pages: 300, attachments: 0, failed: 0, unchanged: 0 });
  });

  test('are packs that native git takes and finds whole', async () => {
    const repository = await emptyWiki();
    const batches = await allBatches({ repository, source: await tableOf(csvOf(PAGES)), ...SMALL });
    const bare = bareRepository();
    mkdirSync(join(bare, 'objects', 'pack'), { recursive: true });
    for (const { pack } of batches.flatMap(batch => batch.runs)) {
      const name = pack?.name ?? '';
      const file = join(bare, 'objects', 'pack', `${name}.pack`);
      writeFileSync(file, await packBytes(repository, name));
      git(bare, ['index-pack', '--strict', file]);
      const { index } = { index: await repository.packs.read(name, 'idx', 0) };
      expect(git(bare, ['show-index'], { input: index }).toString().split('\n').length - 1).toBe(
        pack?.objects,
      );
      git(bare, ['verify-pack', '-v', file]);
    }
    for (const { content } of [PAGES[0], PAGES[299]] as typeof PAGES) {
      const oid = hashObject('blob', Buffer.from(content));
      expect(git(bare, ['cat-file', 'blob', oid]).toString()).toBe(content);
    }
  });

  test('tell where each content lies in its pack', async () => {
    const repository = await emptyWiki();
    const [batch] = await allBatches({ repository, source: await tableOf(csvOf(PAGES)) });
    const run = batch?.runs[0];
    if (!run?.pack) throw new Error('The batch has no pack');
    const pack = await packBytes(repository, run.pack.name);
    for (const { oid, size, place } of await rowsOfRun(repository, run)) {
      const header = size < 16 ? 1 : size < 2048 ? 2 : 3;
      const start = (place?.offset ?? 0) + header;
      const bytes = inflateSync(pack.subarray(start, start + (place?.length ?? 0) - header));
      expect(hashObject('blob', bytes)).toBe(oid);
    }
  });

  test('hold a content once, however many rows have it', async () => {
    const repository = await emptyWiki();
    const pages = Array.from({ length: 50 }, (_, index) => ({
      path: `same-${index}`,
      content: 'All the same',
    }));
    const [batch] = await allBatches({ repository, source: await tableOf(csvOf(pages)) });
    expect(batch?.runs[0]).toMatchObject({ rows: 50, pack: { objects: 1 } });
  });

  test('hold pages of many sizes and scripts', async () => {
    const repository = await emptyWiki();
    const sizes = [0, 1, 8_192, 8_193, 40_000, 300_000, 3_000_000];
    const pages = ['a', 'é', '語', '😀'].flatMap((text, script) =>
      sizes.map(size => ({ path: `page-${script}-${size}`, content: text.repeat(size / text.length) })),
    );
    const batches = await allBatches({ repository, source: await tableOf(csvOf(pages)) });
    const files = await storedFiles(repository, batches);
    expect(files.map(file => file.oid)).toEqual(
      pages.map(({ content }) => hashObject('blob', Buffer.from(content))),
    );
    const bare = bareRepository();
    mkdirSync(join(bare, 'objects', 'pack'), { recursive: true });
    for (const { pack } of batches.flatMap(batch => batch.runs)) {
      const file = join(bare, 'objects', 'pack', `${pack?.name}.pack`);
      writeFileSync(file, await packBytes(repository, pack?.name ?? ''));
      git(bare, ['index-pack', '--strict', file]);
    }
  });

  test('have no pack for what the wiki has already', async () => {
    const repository = await emptyWiki();
    await loadPages(repository, [
      { path: 'docs/part-0/page-0.md', text: PAGES[0]?.content ?? '' },
      { path: 'docs/part-1/page-1.md', text: 'Other text' },
    ]);
    const source = await tableOf(csvOf(PAGES.slice(0, 2)));
    const [batch] = await allBatches({ repository, source });
    expect(batch?.counts).toMatchObject({ pages: 2, unchanged: 1 });
    expect(batch?.runs[0]).toMatchObject({ rows: 2, pack: { objects: 1 } });
    const [again] = await allBatches({ repository, source: await tableOf(csvOf(PAGES.slice(0, 1))) });
    expect(again?.runs[0]).toMatchObject({ rows: 1, pack: undefined });
  });

  test('tell the rows that cannot be pages, by number, without what they hold', async () => {
    const repository = await emptyWiki();
    const pages = [
      { path: 'good', content: 'a' },
      { path: '.git/config', content: 'secret' },
      { path: '../above', content: 'secret' },
      { path: 'also-good', content: 'b' },
    ];
    const batches = await allBatches({ repository, source: await tableOf(csvOf(pages)) });
    const failures = batches.flatMap(batch => batch.failures);
    expect(failures.map(({ origins, code }) => [origins[0]?.row, code])).toEqual([
      [2, 'path_invalid'],
      [3, 'path_invalid'],
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/secret|config|above/);
    expect(total(batches)).toMatchObject({ rows: 4, pages: 2, failed: 2 });
  });

  test('are the same in threads as in one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ path: fc.stringMatching(/^[a-c]{1,3}\/[A-Za-z0-9é .]{1,20}$/), content: fc.string() }),
          {
            minLength: 1,
            maxLength: 60,
          },
        ),
        fc.integer({ min: 200, max: 5_000 }),
        fc.integer({ min: 1, max: 2 }),
        async (pages, batchBytes, workers) => {
          const [alone, together] = [await emptyWiki(), await emptyWiki()];
          const csv = csvOf(pages);
          const one = await allBatches({ repository: alone, source: await tableOf(csv), batchBytes });
          const many = await allBatches({
            repository: together,
            source: await tableOf(csv),
            batchBytes,
            workers,
          });
          expect(await storedFiles(together, many)).toEqual(await storedFiles(alone, one));
          expect(total(many)).toEqual(total(one));
          expect(many.flatMap(batch => batch.failures)).toEqual(one.flatMap(batch => batch.failures));
        },
      ),
      { numRuns: 6 },
    );
  });

  test('go on from each position as if reading had not ended', async () => {
    const repository = await emptyWiki();
    const batches = await allBatches({ repository, source: await tableOf(csvOf(PAGES)), ...SMALL });
    const whole = await storedFiles(repository, batches);
    for (const [index, { position }] of batches.entries()) {
      const rest = await allBatches({
        repository,
        source: await tableOf(csvOf(PAGES)),
        // As a job keeps it.
        from: JSON.parse(JSON.stringify(position)),
        ...SMALL,
      });
      const joined = [...batches.slice(0, index + 1), ...rest];
      expect(await storedFiles(repository, joined)).toEqual(whole);
      expect(total(joined)).toEqual(total(batches));
    }
  });
});

describe('an engine that is stopped', () => {
  test.each([0, 2])('throws why, and tells of nothing afterwards, with %i threads', async workers => {
    const repository = await emptyWiki();
    const controller = new AbortController();
    const batches = runBatches({
      repository,
      source: await tableOf(csvOf(PAGES)),
      workers,
      signal: controller.signal,
      ...SMALL,
    });
    expect((await batches.next()).done).toBe(false);
    controller.abort(new Error('It was told to stop'));
    await expect(async () => {
      for await (const _ of batches);
    }).rejects.toThrow('It was told to stop');
    expect((await batches.next()).done).toBe(true);
  });

  test('fails when a thread dies, and what it had told is good to go on from', async () => {
    const repository = await emptyWiki();
    const source = await tableOf(csvOf(PAGES));
    const told: FinishedBatch[] = [];
    const script = new URL('./dying.worker.ts', import.meta.url);
    const dying = runBatches({ repository, source, workers: 1, ...SMALL }, script);
    await expect(async () => {
      for await (const batch of dying) told.push(batch);
    }).rejects.toMatchObject({ code: 'import_worker_died' });
    const from = told.at(-1)?.position;
    const rest = await allBatches({ repository, source, ...(from === undefined ? {} : { from }), ...SMALL });
    const files = await storedFiles(repository, [...told, ...rest]);
    expect(files.map(file => file.row)).toEqual(PAGES.map((_, index) => index + 1));
  });
});
