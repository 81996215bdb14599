import type { Contestant } from '../support/interleave.ts';
import { interleave } from '../support/interleave.ts';
import type { BenchOptions } from '../support/options.ts';
import { seededRandom } from '../support/page-text.ts';
import type { Column, Report, Row } from '../support/report.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { summarise } from '../support/statistics.ts';
import { BucketWiki } from './bucket-wiki.ts';
import { sum } from './commit-meter.ts';
import { plainPut } from './raw-put.ts';

/** The pages of the big wikis are short: how long those are that nobody touches makes no difference to a write. */
const STANDING_BYTES = 200;
const WARM_UP = 50;

const COLUMNS: readonly Column[] = [
  { key: 'which', head: 'updates of' },
  { key: 'pages', head: 'pages', as: 'count' },
  { key: 'commits', head: 'commits', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'ratio', head: 'p50 to the smallest', as: 'ratio' },
  { key: 'requests', head: 'requests/commit', as: 'mean' },
  { key: 'gets', head: 'GETs/commit', as: 'mean' },
  { key: 'received', head: 'kB read/commit', as: 'kB' },
  { key: 'kB', head: 'kB put/commit', as: 'kB' },
];

/** The same updates in wikis of rising size, all in one run. */
export async function measureGrowth(report: Report, options: BenchOptions, server: ServerUnderTest) {
  const sizes = options.quick ? [1_000, 3_000] : [1_000, 100_000, 1_000_000];
  const wikis: BucketWiki[] = [];
  for (const pages of sizes) {
    const startMs = performance.now();
    const size = { pages, layout: 'nested', bytes: STANDING_BYTES } as const;
    // Beside the wikis of the warm writes, which may have as many pages.
    const apart = { ...server, prefix: `${server.prefix}/growth` };
    wikis.push(await BucketWiki.make(apart, size, options.kept));
    const seconds = (performance.now() - startMs) / 1000;
    report.progress(`${pages} pages made in ${seconds.toFixed(1)} s`);
  }
  const rows = [
    ...(await measureAll('one page', wikis, server, options.rounds, () => 0.5)),
    ...(await measureAll('pages at random', wikis, server, options.rounds, seededRandom(7))),
  ];
  report.table(`Growth of a warm update with the size of the wiki, nested, ${server.name}`, COLUMNS, rows);
}

async function measureAll(
  which: string,
  wikis: readonly BucketWiki[],
  server: ServerUnderTest,
  rounds: number,
  at: () => number,
): Promise<Row[]> {
  const raw = plainPut(server, `node:http, 2 kB, ${which}`, () => 2_000);
  const contestants = [...wikis.map(wiki => updating(wiki, at)), raw];
  await interleave(contestants, { rounds: Math.min(WARM_UP, rounds) });
  for (const { meter } of wikis) meter.restart();
  const times = await interleave(contestants, { rounds });
  const smallest = summarise(times.get(String(wikis[0]?.size.pages)) ?? []).p50;
  const rows = wikis.map(wiki => rowOf(which, wiki, times, smallest));
  const { count, p50, p95, p99 } = summarise(times.get(raw.name) ?? []);
  return [...rows, { which: 'node:http, 2 kB', commits: count, p50, p95, p99 }];
}

function updating(wiki: BucketWiki, at: () => number): Contestant {
  const { pages } = wiki.size;
  let edit = wiki.edit(0, 0);
  return {
    name: String(pages),
    prepare: round => {
      edit = wiki.edit(Math.floor(at() * pages), round);
    },
    run: () => wiki.update(edit),
    settle: () => void wiki.meter.take(),
  };
}

function rowOf(which: string, wiki: BucketWiki, times: ReadonlyMap<string, number[]>, smallest: number): Row {
  const { pages } = wiki.size;
  const { costs } = wiki.meter;
  const { count, p50, p95, p99 } = summarise(times.get(String(pages)) ?? []);
  const mean = (key: 'requests' | 'gets' | 'sentBytes' | 'receivedBytes') =>
    sum(costs.map(cost => cost[key])) / costs.length;
  return {
    which,
    pages,
    commits: count,
    p50,
    p95,
    p99,
    ratio: p50 / smallest,
    requests: mean('requests'),
    gets: mean('gets'),
    received: mean('receivedBytes'),
    kB: mean('sentBytes'),
  };
}
