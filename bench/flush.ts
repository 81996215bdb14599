import { join } from 'node:path';
import { mergeRun } from '../src/git/upkeep/merge.ts';
import { commitPage, readPage } from '../test/support/stored-wiki.ts';
import { repackWithGit } from './flush/git-repack.ts';
import { durableWrite } from './support/durable-write.ts';
import { manyPages } from './support/many-pages.ts';
import { exportBare, git, nativeGitVersion } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import { pagePath } from './support/page-layout.ts';
import { pageText, revised, seededRandom } from './support/page-text.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { expectSame } from './support/verify.ts';
import { loadWiki, openWiki, type WikiFolder } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Flushes of many edits of a big folder, and the merge of the packs they make. */

const MERGED = 8;

const options = benchOptions({ pages: [100_000], rounds: 1_000 }, { pages: [2_000], rounds: 100 });
const edits = options.rounds;
const report = new Report('flush', options);
const random = seededRandom(11);

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'runs', head: 'runs', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'raw', head: 'raw p50 ms', as: 'ms' },
  { key: 'ratio', head: 'to raw', as: 'ratio' },
  { key: 'pack', head: 'pack kB', as: 'kB' },
  { key: 'index', head: 'index kB', as: 'kB' },
  { key: 'map', head: 'map kB', as: 'kB' },
];

interface Flush {
  ms: number;
  rawMs: number;
  pack: number;
  index: number;
  map: number;
}

for (const pages of options.pages) {
  await inWorkFolder(options.folder, async folder => {
    const uuid = await loadWiki(join(folder, 'wiki'), manyPages(pages, 'flat'));
    const wiki = openWiki(join(folder, 'wiki'), uuid, { flush: null });
    const flushes: Flush[] = [];
    let last = { path: '', bytes: Buffer.alloc(0) };
    for (let run = 0; run < MERGED; run += 1) {
      report.progress(`${pages} pages: ${edits} edits, run ${run + 1} of ${MERGED}`);
      last = await editPages(wiki, pages, run);
      flushes.push(await timeFlush(wiki, folder));
    }
    const bare = join(folder, 'bare.git');
    const ours = await timeMerge(wiki, folder);
    await expectPage(wiki, uuid, last);
    const rows = [...flushRows(pages, flushes), ours.row];
    if (nativeGitVersion() !== undefined) {
      await exportBare(wiki.repository, bare);
      expectSame(
        'the page as git reads it',
        await git(bare, ['cat-file', 'blob', `HEAD:${last.path}`]),
        last.bytes,
      );
      report.progress('the last of them packed by native git');
      rows.push(await gitRow(bare, flushes));
    }
    report.table(
      `Flush of ${edits} edits at ${pages} pages in one folder, and merge of ${MERGED}`,
      COLUMNS,
      rows,
    );
  });
}
report.note(
  [
    'raw: temporary file, fsync, rename, fsync of the folder, of as many bytes. A flush writes a pack, its index and its map',
    'and swaps the ledger; in the life of a wiki it does so beside ordinary writes and after fewer edits.',
  ].join('\n'),
);
report.finish();

/** Many writers at once, so that groups of commits share a swap. Resolves with the last edit. */
async function editPages(wiki: WikiFolder, pages: number, run: number) {
  let last = { path: '', bytes: Buffer.alloc(0) };
  const group = 50;
  for (let edit = 0; edit < edits; edit += group) {
    const batch = Array.from({ length: Math.min(group, edits - edit) }, (_, index) => {
      const page = Math.floor(random() * pages);
      const text = revised(pageText({ seed: page, bytes: 2_000 }), run * edits + edit + index);
      return { path: pagePath(page, pages, 'flat'), bytes: Buffer.from(text) };
    });
    await Promise.all(batch.map(({ path, bytes }) => commitPage(wiki.repository, path, bytes)));
    const final = batch.at(-1);
    if (final !== undefined) last = final;
  }
  return last;
}

async function timeFlush({ repository, store }: WikiFolder, folder: string): Promise<Flush> {
  const before = store.bytesPut;
  const startMs = performance.now();
  expectSame('whether there was something to flush', await repository.flusher.flush(), true);
  const ms = performance.now() - startMs;
  const pack = (await repository.ledger()).packs[0];
  if (pack === undefined) throw new Error('Flushing fails: no pack is listed');
  const rawMs = timeRaw(folder, store.bytesPut - before);
  return { ms, rawMs, pack: pack.bytes, index: pack.indexBytes, map: pack.map?.bytes ?? 0 };
}

async function timeMerge({ repository, store }: WikiFolder, folder: string): Promise<{ row: Row }> {
  const ledger = await repository.ledger(0);
  const before = store.bytesPut;
  const startMs = performance.now();
  const merged = await mergeRun(repository, ledger, ledger.packs.slice(0, MERGED));
  const ms = performance.now() - startMs;
  expectSame('the number of packs merged', merged?.length, MERGED);
  const [pack] = (await repository.ledger(0)).packs;
  const raw = timeRaw(folder, store.bytesPut - before);
  const sizes = { pack: pack?.bytes, index: pack?.indexBytes, map: pack?.map?.bytes };
  return { row: { what: `merge of ${MERGED}`, runs: 1, p50: ms, max: ms, raw, ratio: ms / raw, ...sizes } };
}

function timeRaw(folder: string, size: number): number {
  const bytes = Buffer.alloc(size, 'raw');
  const startMs = performance.now();
  durableWrite(folder, 'raw', bytes);
  return performance.now() - startMs;
}

function flushRows(pages: number, flushes: readonly Flush[]): Row[] {
  const { p50, max, count } = summarise(flushes.map(flush => flush.ms));
  const raw = summarise(flushes.map(flush => flush.rawMs)).p50;
  const mean = (key: 'pack' | 'index' | 'map') => summarise(flushes.map(flush => flush[key])).mean;
  const sizes = { pack: mean('pack'), index: mean('index'), map: mean('map') };
  return [{ what: `flush at ${pages} pages`, runs: count, p50, max, raw, ratio: p50 / raw, ...sizes }];
}

async function gitRow(bare: string, flushes: readonly Flush[]): Promise<Row> {
  const { ms, bytes } = await repackWithGit(bare, edits);
  const raw = summarise(flushes.map(flush => flush.rawMs)).p50;
  return { what: 'git pack-objects', runs: 1, p50: ms, max: ms, raw, ratio: ms / raw, pack: bytes };
}

async function expectPage(
  wiki: WikiFolder,
  uuid: string,
  last: { path: string; bytes: Buffer },
): Promise<void> {
  const { repository } = openWiki(wiki.folder, uuid);
  expectSame('the last page', await readPage(repository, last.path), last.bytes);
}
