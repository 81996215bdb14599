import type { ByteStore } from '../src/storage/byte-store.ts';
import { openStored, storePages } from '../test/support/stored-wiki.ts';
import { createCount, openCount, type What } from './contention/subject.ts';
import { type Wrote, writeTogether } from './contention/writers.ts';
import { benchOptions, type S3Options } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { storeAt } from './support/s3-store.ts';
import { openServer, type ServerUnderTest } from './support/server-under-test.ts';
import { summarise } from './support/statistics.ts';
import { expectSame } from './support/verify.ts';

/** One wiki, or one document, written by many at the same time; afterwards it must hold all that was acknowledged, once. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'of one' },
  { key: 'processes', head: 'processes', as: 'count' },
  { key: 'writers', head: 'writers each', as: 'count' },
  { key: 'rate', head: 'commits/s', as: 'rate' },
  { key: 'swaps', head: 'swaps/s', as: 'rate' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'turns', head: 'p99 in fair turns', as: 'ratio' },
  { key: 'puts', head: 'puts per swap', as: 'mean' },
  { key: 'gets', head: 'gets per swap', as: 'mean' },
  { key: 'cpu', head: 'CPU ms per put', as: 'ms' },
  { key: 'least', head: 'commits of a process: least', as: 'count' },
  { key: 'mean', head: 'mean', as: 'count' },
  { key: 'most', head: 'most', as: 'count' },
  { key: 'refused', head: 'refused', as: 'count' },
];

/** What is written, processes, writers in each, and how much longer than asked for: turns of many take longer. */
const SHAPES = [
  ['wiki', 1, 1, 0.5],
  ['wiki', 1, 64, 0.5],
  ['wiki', 8, 8, 1],
  ['wiki', 64, 1, 2],
  ['document', 8, 8, 1],
  ['document', 64, 1, 2],
] as const;

const options = benchOptions(
  { pages: [100], rounds: 1, seconds: 30 },
  { pages: [10], rounds: 1, seconds: 2 },
);
const report = new Report('contention', options);
const servers: S3Options[] =
  options.s3.endpoint === undefined
    ? [
        { ...options.s3, server: 'small', latencyMs: 60 },
        { ...options.s3, server: 'ceph' },
      ]
    : [options.s3];
for (const wanted of servers) {
  if (options.only.length > 0 && !options.only.includes(wanted.server)) continue;
  const server = await openServer(wanted);
  try {
    await measureAll(server);
  } finally {
    await server.stop();
  }
}
report.note(
  [
    'A fair turn is as many swaps as there are processes, each as long as the median commit of the first row. Writers have one',
    'commit at a time and send the next at once. Processes are of the operating system; they share the machine with the server.',
    'A swap is a version of the ledger that was stored: several commits of one process go out with one.',
  ].join('\n'),
);
report.finish();

async function measureAll(server: ServerUnderTest): Promise<void> {
  const rows: Row[] = [];
  let swapMs = 0;
  for (const [what, processes, writers, part] of SHAPES) {
    report.progress(`one ${what}, ${processes} processes of ${writers} writers at ${server.name}`);
    const seconds = Math.max(1, options.seconds * part);
    const row = await measure(server, { what, processes, writers, seconds, swapMs });
    swapMs ||= row.p50;
    rows.push(row);
  }
  report.table(`One wiki and many writers at ${server.name}`, COLUMNS, rows);
}

interface Shape {
  what: What;
  processes: number;
  writers: number;
  seconds: number;
  /** How long one swap takes; 0 when that is being measured. */
  swapMs: number;
}

async function measure({ target, prefix: root }: ServerUnderTest, shape: Shape) {
  const { what, processes, writers, seconds } = shape;
  const prefix = `${root}/${what}-${processes}-${writers}`;
  const store = storeAt(target, prefix);
  const uuid = what === 'wiki' ? await storePages(store, oldPages()) : await createCount(store);
  const seqBefore = await seqOf(what, store, uuid);
  const { wrote, seconds: tookSeconds } = await writeTogether(
    { what, target, prefix, uuid, writers, seconds },
    processes,
  );
  const swaps = (await seqOf(what, store, uuid)) - seqBefore;
  if (what === 'wiki') await expectHistory(openStored(store, uuid), wrote);
  else await expectCount(store, uuid, wrote);
  return rowOf({ ...shape, swaps, wrote, seconds: tookSeconds });
}

function oldPages(): { path: string; text: string }[] {
  return Array.from({ length: options.pages[0] ?? 0 }, (_, page) => ({
    path: `old/${page}.md`,
    text: `${page}\n`,
  }));
}

async function seqOf(what: What, store: ByteStore, uuid: string): Promise<number> {
  if (what === 'wiki') return (await openStored(store, uuid).ledger(0)).stamp.seq;
  return (await openCount(store, uuid).read())?.value.stamp.seq ?? 0;
}

interface Done extends Shape {
  swaps: number;
  wrote: Wrote[];
}

function rowOf({ what, processes, writers, swaps, swapMs, wrote, seconds }: Done) {
  const { p50, p95, p99 } = summarise(wrote.flatMap(({ latenciesMs }) => latenciesMs));
  const commits = wrote.map(each => each.commits.length);
  const total = commits.reduce((sum, count) => sum + count, 0);
  const sum = (pick: (each: Wrote) => number) => wrote.reduce((all, each) => all + pick(each), 0);
  return {
    what,
    processes,
    writers,
    rate: total / seconds,
    swaps: swaps / seconds,
    p50,
    p95,
    p99,
    turns: p99 / (processes * (swapMs || p50)),
    puts: sum(({ requests }) => requests.puts) / swaps,
    gets: sum(({ requests }) => requests.gets) / swaps,
    cpu: sum(({ cpuMs }) => cpuMs) / sum(({ requests }) => requests.puts),
    least: Math.min(...commits),
    mean: total / processes,
    most: Math.max(...commits),
    refused: sum(({ failures }) => Object.values(failures).reduce((all, count) => all + count, 0)),
  };
}

/** Everything that was acknowledged is in the history once, and nothing else but what was refused with an open outcome. */
async function expectHistory(
  repository: ReturnType<typeof openStored>,
  wrote: readonly Wrote[],
): Promise<void> {
  const view = await repository.view({ maxAgeMs: 0 });
  const found = new Set<string>();
  let count = 0;
  for await (const { commit } of view.log()) {
    found.add(commit.oid);
    count += 1;
  }
  const acknowledged = wrote.flatMap(({ commits }) => commits);
  expectSame('the commits, each there once', found.size, count);
  expectSame('the commits that are missing', acknowledged.filter(oid => !found.has(oid)).length, 0);
  expectBetween('the number of commits', count - 1, wrote);
}

async function expectCount(store: ByteStore, uuid: string, wrote: readonly Wrote[]): Promise<void> {
  const count = (await openCount(store, uuid).read())?.value.body ?? 0;
  expectSame('the numbers given', new Set(wrote.flatMap(({ commits }) => commits)).size, sumOf(wrote));
  expectBetween('the number in the document', count, wrote);
}

function expectBetween(name: string, count: number, wrote: readonly Wrote[]): void {
  const open = wrote.reduce((sum, { failures }) => sum + (failures.outcome_unknown ?? 0), 0);
  const least = sumOf(wrote);
  expectSame(`${name} (${count}; ${least} acknowledged)`, count >= least && count <= least + open, true);
}

function sumOf(wrote: readonly Wrote[]): number {
  return wrote.reduce((sum, { commits }) => sum + commits.length, 0);
}
