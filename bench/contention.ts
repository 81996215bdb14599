import { type Wrote, writeTogether } from './contention/writers.ts';
import { benchOptions, type S3Options } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { storeAt } from './support/s3-store.ts';
import { openServer, type ServerUnderTest } from './support/server-under-test.ts';
import { summarise } from './support/statistics.ts';
import { openStored, storePages } from './support/stored-wiki.ts';
import { expectSame } from './support/verify.ts';

/** One wiki, written by many at the same time; afterwards its history must hold every commit that was acknowledged, once. */

const COLUMNS: readonly Column[] = [
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

/** Processes, writers in each, and how much longer than asked for: turns of many take longer. */
const SHAPES = [
  [1, 1, 0.5],
  [1, 64, 0.5],
  [8, 8, 1],
  [64, 1, 2],
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
  for (const [processes, writers, part] of SHAPES) {
    report.progress(`${processes} processes of ${writers} writers at ${server.name}`);
    const row = await measure(server, processes, writers, Math.max(1, options.seconds * part), swapMs);
    swapMs ||= row.p50;
    rows.push(row);
  }
  report.table(`One wiki and many writers at ${server.name}`, COLUMNS, rows);
}

async function measure(
  { target, prefix: root }: ServerUnderTest,
  processes: number,
  writers: number,
  seconds: number,
  swapMs: number,
) {
  const prefix = `${root}/${processes}-${writers}`;
  const store = storeAt(target, prefix);
  const pages = Array.from({ length: options.pages[0] ?? 0 }, (_, page) => ({
    path: `old/${page}.md`,
    text: `${page}\n`,
  }));
  const uuid = await storePages(store, pages);
  const seqBefore = (await openStored(store, uuid).ledger(0)).stamp.seq;
  const done = await writeTogether({ target, prefix, uuid, writers, seconds }, processes);
  const repository = openStored(store, uuid);
  const swaps = (await repository.ledger(0)).stamp.seq - seqBefore;
  await expectHistory(repository, done.wrote);
  return rowOf({ processes, writers, swaps, swapMs, ...done });
}

interface Done {
  processes: number;
  writers: number;
  swaps: number;
  swapMs: number;
  wrote: Wrote[];
  seconds: number;
}

function rowOf({ processes, writers, swaps, swapMs, wrote, seconds }: Done) {
  const { p50, p95, p99 } = summarise(wrote.flatMap(({ latenciesMs }) => latenciesMs));
  const commits = wrote.map(each => each.commits.length);
  const total = commits.reduce((sum, count) => sum + count, 0);
  const sum = (pick: (each: Wrote) => number) => wrote.reduce((all, each) => all + pick(each), 0);
  return {
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
  const open = wrote.reduce((sum, { failures }) => sum + (failures.outcome_unknown ?? 0), 0);
  expectSame(
    'that nothing else is there',
    count - 1 >= acknowledged.length && count - 1 <= acknowledged.length + open,
    true,
  );
}
