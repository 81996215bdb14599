import { join } from 'node:path';
import { commitPage, readPage } from '../../test/support/stored-wiki.ts';
import type { Contestant } from '../support/interleave.ts';
import { interleave } from '../support/interleave.ts';
import { manyPages } from '../support/many-pages.ts';
import type { BenchOptions } from '../support/options.ts';
import { pagePath } from '../support/page-layout.ts';
import { pageText, revised, seededRandom } from '../support/page-text.ts';
import type { Report, Row } from '../support/report.ts';
import { summarise } from '../support/statistics.ts';
import { expectSame } from '../support/verify.ts';
import { loadWiki, openWiki, type WikiFolder } from '../support/wiki-folder.ts';
import { inWorkFolder } from '../support/work-folder.ts';

/** The pages of the big wikis are short: how long those are that nobody touches makes no difference to a write. */
const STANDING_BYTES = 200;
const EDITED = pageText({ seed: 2_000_000, bytes: 2_000 });

interface Grown {
  pages: number;
  wiki: WikiFolder;
}

/** The same commits in wikis of rising size, all in one run. */
export async function measureGrowth(report: Report, options: BenchOptions): Promise<void> {
  const sizes = options.quick ? [1_000, 3_000] : [1_000, 10_000, 100_000];
  if (options.million) sizes.push(1_000_000);
  await inWorkFolder(options.folder, async folder => {
    const wikis: Grown[] = [];
    for (const pages of sizes) {
      const at = join(folder, String(pages));
      const startMs = performance.now();
      const uuid = await loadWiki(at, manyPages(pages, 'nested', STANDING_BYTES));
      report.progress(`${pages} pages loaded in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
      wikis.push({ pages, wiki: openWiki(at, uuid) });
    }
    const rows = [
      ...(await measureAll('one page', wikis, options.rounds, () => 0.5)),
      ...(await measureAll('pages at random', wikis, options.rounds, seededRandom(7))),
    ];
    report.table('Growth of a commit with the size of the wiki, nested', COLUMNS, rows);
  });
}

const COLUMNS = [
  { key: 'which', head: 'commits of' },
  { key: 'pages', head: 'pages', as: 'count' },
  { key: 'commits', head: 'commits', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'ratio', head: 'p50 to the smallest', as: 'ratio' },
  { key: 'kB', head: 'kB put/commit', as: 'kB' },
] as const;

async function measureAll(
  which: string,
  wikis: readonly Grown[],
  rounds: number,
  at: () => number,
): Promise<Row[]> {
  const last = new Map<number, { path: string; bytes: Buffer }>();
  const contestants = wikis.map(({ pages, wiki }): Contestant => {
    let edit = { path: '', bytes: Buffer.alloc(0) };
    return {
      name: String(pages),
      prepare: round => {
        const bytes = Buffer.from(revised(EDITED, round));
        edit = { path: pagePath(Math.floor(at() * pages), pages, 'nested'), bytes };
        last.set(pages, edit);
      },
      run: async () => void (await commitPage(wiki.repository, edit.path, edit.bytes)),
    };
  });
  await interleave(contestants, { rounds: Math.min(rounds, 200) });
  const before = wikis.map(({ wiki }) => wiki.store.bytesPut);
  const times = await interleave(contestants, { rounds });
  const put = wikis.map(({ wiki }, index) => wiki.store.bytesPut - (before[index] ?? 0));
  for (const { pages, wiki } of wikis) {
    const wanted = last.get(pages);
    if (wanted) expectSame('the page', await readPage(wiki.repository, wanted.path), wanted.bytes);
  }
  const smallest = summarise(times.get(String(wikis[0]?.pages)) ?? []).p50;
  return wikis.map(({ pages }, index) => {
    const { count, p50, p95, p99 } = summarise(times.get(String(pages)) ?? []);
    return {
      which,
      pages,
      commits: count,
      p50,
      p95,
      p99,
      ratio: p50 / smallest,
      kB: (put[index] ?? 0) / count,
    };
  });
}
