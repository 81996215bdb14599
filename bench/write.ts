import { nativeGitVersion } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import type { Layout } from './support/page-layout.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';
import { measureGrowth } from './write/growth.ts';
import { type RaceResult, raceWrites } from './write/write-race.ts';

/** A durable commit of one page on a disk, flushes included, against others that do the same. */

const options = benchOptions(
  { pages: [0, 1_000, 10_000, 100_000], rounds: 400 },
  { pages: [0, 1_000], rounds: 40 },
);
const report = new Report('write', options);
const gitVersion = nativeGitVersion();

const columns: Column[] = [
  { key: 'pages', head: 'pages', as: 'count' },
  { key: 'layout', head: 'layout' },
  { key: 'who', head: 'who' },
  { key: 'commits', head: 'commits', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'ratio', head: 'p50 to raw', as: 'ratio' },
  { key: 'ratioP99', head: 'p99 to raw', as: 'ratio' },
  { key: 'kB', head: 'kB put/commit', as: 'kB' },
  { key: 'flushes', head: 'flushes', as: 'count' },
];

const rows: Row[] = [];
for (const pages of options.pages) {
  for (const layout of ['nested', 'flat'] as const) {
    report.progress(`${pages} pages ${layout}`);
    rows.push(...(await inWorkFolder(options.folder, folder => measure(folder, pages, layout))));
  }
}
report.table('Durable commit of one existing page of 2 kB, writes of flushes included', columns, rows);
report.note(
  [
    'raw write: temporary file, fsync, rename, fsync of the folder, of as many bytes as the commit of ours put.',
    `isomorphic-git and git plumbing (${gitVersion ?? 'absent: not measured'}) as shipped sync no loose objects: they do less.`,
    'flat: all pages in one folder. At 0 pages the wiki holds the one page only.',
  ].join('\n'),
);
await measureGrowth(report, options);
report.finish();

async function measure(folder: string, pages: number, layout: Layout): Promise<Row[]> {
  const { rounds } = options;
  const result = await raceWrites({ folder, pages, layout, rounds, git: gitVersion !== undefined });
  return toRows(pages, layout, result);
}

function toRows(pages: number, layout: Layout, { times, bytesPut, flushes }: RaceResult): Row[] {
  const raw = summarise(times.get('raw write') ?? []);
  return [...times].map(([who, samples]) => {
    const { count, p50, p95, p99, max } = summarise(samples);
    const ratios = { ratio: p50 / raw.p50, ratioP99: p99 / raw.p99 };
    const own = who === 'kittiwake' ? { kB: bytesPut / count, flushes } : {};
    return { pages, layout, who, commits: count, p50, p95, p99, max, ...ratios, ...own };
  });
}
