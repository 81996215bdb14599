import { type Contestant, interleave } from '../support/interleave.ts';
import type { BenchOptions } from '../support/options.ts';
import type { Layout } from '../support/page-layout.ts';
import { ProcessorTime } from '../support/processor-time.ts';
import type { Column, Report, Row } from '../support/report.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { summarise } from '../support/statistics.ts';
import { BucketWiki } from './bucket-wiki.ts';
import { sum } from './commit-meter.ts';
import { ownPut, plainPut } from './raw-put.ts';

const PAGE_BYTES = 2_000;
const CYCLES = 5;
const WARM_UP = 300;

const OURS = 'kittiwake';

const TIMES: readonly Column[] = [
  { key: 'pages', head: 'pages', as: 'count' },
  { key: 'layout', head: 'layout' },
  { key: 'who', head: 'who' },
  { key: 'writes', head: 'writes', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'max', head: 'max ms', as: 'ms' },
  { key: 'processor', head: 'processor mean ms', as: 'ms' },
  { key: 'ratio', head: 'kittiwake to this, p50', as: 'ratio' },
  { key: 'ratioP99', head: 'p99', as: 'ratio' },
];

const COSTS: readonly Column[] = [
  { key: 'pages', head: 'pages', as: 'count' },
  { key: 'layout', head: 'layout' },
  { key: 'commits', head: 'commits', as: 'count' },
  { key: 'flushes', head: 'flushes', as: 'count' },
  { key: 'requests', head: 'requests/commit', as: 'mean' },
  { key: 'gets', head: 'GETs', as: 'count' },
  { key: 'sequence', head: 'in sequence, most', as: 'count' },
  { key: 'kB', head: 'kB put/commit', as: 'kB' },
  { key: 'most', head: 'most kB', as: 'kB' },
  { key: 'flushShare', head: 'of it flushes %', as: 'mean' },
  { key: 'beside', head: 'p50 ms beside a flush', as: 'ms' },
  { key: 'others', head: 'p50 ms of others', as: 'ms' },
];

/** Updates of one page by one process, turn by turn with raw conditional puts to the same server. */
export async function measureWarm(report: Report, options: BenchOptions, server: ServerUnderTest) {
  const nested = options.pages.map(pages => [pages, 'nested'] as const);
  const flat = options.quick ? 1_000 : 10_000;
  const times: Row[] = [];
  const costs: Row[] = [];
  for (const [pages, layout] of [...nested, [flat, 'flat'] as const]) {
    report.progress(`warm writes at ${pages} pages ${layout}`);
    const measured = await race(options, server, pages, layout);
    times.push(...measured.times);
    costs.push(measured.costs);
  }
  report.table(`Warm update of a page of 2 kB, whole flush cycles, ${server.name}`, TIMES, times);
  report.table('What these updates asked of the store', COSTS, costs);
}

async function race(options: BenchOptions, server: ServerUnderTest, pages: number, layout: Layout) {
  const { kept, rounds } = options;
  const wiki = await BucketWiki.make(server, { pages, layout, bytes: PAGE_BYTES }, kept);
  const cycles = new Cycles(wiki);
  const index = Math.floor(pages / 2);
  const processor = new ProcessorTime();
  const contestants = contestantsOf(server, wiki, index, cycles).map(each => processor.watch(each));
  await interleave(contestants, { rounds: Math.min(WARM_UP, rounds), complete: () => cycles.ended });
  wiki.meter.restart();
  cycles.restart();
  processor.restart();
  const complete = () => cycles.ended && cycles.count >= CYCLES;
  const times = await interleave(contestants, { rounds, complete });
  await wiki.expectWritten(index);
  return {
    times: timeRows(times, processor, { pages, layout }),
    costs: costRow(wiki, times.get(OURS) ?? [], cycles.count),
  };
}

/** Updates of page `index`, and raw puts of as many bytes as the last of them put and of 2 kB. */
function contestantsOf(
  server: ServerUnderTest,
  wiki: BucketWiki,
  index: number,
  cycles: Cycles,
): Contestant[] {
  let edit = wiki.edit(index, 0);
  let last = 0;
  const ours: Contestant = {
    name: OURS,
    prepare: round => {
      edit = wiki.edit(index, round);
    },
    run: () => wiki.update(edit),
    settle: () => {
      last = wiki.meter.take().sentBytes;
      cycles.look();
    },
  };
  return [
    ours,
    ownPut(server, 'own client, as many bytes', () => last),
    plainPut(server, 'node:http, as many bytes', () => last),
    ownPut(server, 'own client, 2 kB', () => PAGE_BYTES),
    plainPut(server, 'node:http, 2 kB', () => PAGE_BYTES),
  ];
}

/** Counts the flushes that a ledger has listed. */
class Cycles {
  readonly #wiki: BucketWiki;
  #listed: number;
  count = 0;
  /** The last commit listed the pack of a flush. */
  ended = false;

  constructor(wiki: BucketWiki) {
    this.#wiki = wiki;
    this.#listed = wiki.packs();
  }

  /** To be called after each commit. */
  look(): void {
    const listed = this.#wiki.packs();
    this.ended = listed > this.#listed;
    this.count += Number(this.ended);
    this.#listed = listed;
  }

  restart(): void {
    this.count = 0;
  }
}

function timeRows(
  times: ReadonlyMap<string, number[]>,
  processor: ProcessorTime,
  wiki: { pages: number; layout: Layout },
): Row[] {
  const ours = summarise(times.get(OURS) ?? []);
  return [...times].map(([who, samples]) => {
    const { count, p50, p95, p99, max } = summarise(samples);
    const used = summarise(processor.of(who)).mean;
    const ratios = who === OURS ? {} : { ratio: ours.p50 / p50, ratioP99: ours.p99 / p99 };
    return { ...wiki, who, writes: count, p50, p95, p99, max, processor: used, ...ratios };
  });
}

function costRow({ size, meter }: BucketWiki, samples: readonly number[], flushes: number): Row {
  const { costs } = meter;
  const put = sum(costs.map(cost => cost.sentBytes));
  const timesOf = (flush: boolean) =>
    samples.filter((_, commit) => (costs[commit]?.flushBytes ?? 0) > 0 === flush);
  return {
    pages: size.pages,
    layout: size.layout,
    commits: costs.length,
    flushes,
    requests: sum(costs.map(cost => cost.requests)) / costs.length,
    gets: sum(costs.map(cost => cost.gets)),
    sequence: Math.max(...costs.map(cost => cost.sequence)),
    kB: put / costs.length,
    most: Math.max(...costs.map(cost => cost.sentBytes)),
    flushShare: (100 * sum(costs.map(cost => cost.flushBytes))) / put,
    beside: p50Of(timesOf(true)),
    others: p50Of(timesOf(false)),
  };
}

function p50Of(samples: readonly number[]): number | undefined {
  return samples.length === 0 ? undefined : summarise(samples).p50;
}
