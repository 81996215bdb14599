import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeBeside } from './import/beside.ts';
import { contestantOf, REFERENCE, WAYS, type Way } from './import/contestants.ts';
import type { Taken } from './import/measured-process.ts';
import { type Format, writePages } from './import/source-files.ts';
import { interleave } from './support/interleave.ts';
import { nativeGitVersion } from './support/native-git.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { summarise } from './support/statistics.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Many pages brought in: how fast against native git, and in how much memory. */

/** ZIP archives of more are left out: making them takes longer than reading them. */
const MAX_ZIP_PAGES = 100_000;

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'what' },
  { key: 'rate', head: 'pages/s', as: 'rate' },
  { key: 'us', head: 'µs a page', as: 'mean' },
  { key: 'toGit', head: 'times git', as: 'ratio' },
  { key: 'processor', head: 'processor µs a page', as: 'mean' },
  { key: 'toGitProcessor', head: 'work to git', as: 'ratio' },
  { key: 'peak', head: 'peak MB', as: 'count' },
];

const WRITE_COLUMNS: readonly Column[] = [
  { key: 'what', head: 'writes to other pages' },
  { key: 'writes', head: 'writes', as: 'count' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'p99', head: 'p99 ms', as: 'ms' },
  { key: 'max', head: 'longest ms', as: 'ms' },
];

const options = benchOptions({ pages: [10_000, 100_000], rounds: 3 }, { pages: [500], rounds: 1 });
const report = new Report('import', options);
const sizes = options.million ? [...options.pages, 1_000_000] : options.pages;
if (nativeGitVersion() === undefined) throw new Error('This benchmark needs native git');
for (const pages of sizes) await inWorkFolder(options.folder, folder => measure(folder, pages));
report.note(
  [
    'Each import is a process of its own, from an empty folder to the commit; its start (about half a second, with its modules) is part of it.',
    'All come to the same tree, which is compared. times git: pages a second against git fast-import. work to git: processor time of all',
    'threads against it, which tells more than the clock where others want the processors. peak: resident memory of the process.',
  ].join(' '),
);
report.finish();

async function measure(folder: string, pages: number): Promise<void> {
  const ways = WAYS.filter(
    ({ name, format }) =>
      (format !== 'zip' || pages <= MAX_ZIP_PAGES) &&
      (options.only.length === 0 ||
        format === 'fast-import' ||
        options.only.some(only => name.includes(only))),
  );
  const sources = new Map<Format, string>();
  for (const { format } of ways) {
    if (sources.has(format)) continue;
    report.progress(`writing ${pages} pages as ${format}`);
    sources.set(format, join(folder, `pages.${format}`));
    await writePages(join(folder, `pages.${format}`), pages, format);
  }
  const taken = new Map<Way, Taken[]>(ways.map(way => [way, []]));
  const trees = new Map<Way, string>();
  const arena = {
    folder,
    sources,
    tell(way: Way, each: Taken) {
      taken.get(way)?.push(each);
      report.progress(`${way.name}: ${each.seconds.toFixed(1)} s`);
    },
    checkTree: (way: Way, tree: string) => void trees.set(way, tree),
  };
  await interleave(
    ways.map(way => contestantOf(way, arena)),
    { rounds: options.rounds },
  );
  const reference = trees.get(REFERENCE);
  for (const [way, tree] of trees)
    if (tree !== reference) throw new Error(`${way.name} came to the tree ${tree}, git to ${reference}`);
  report.table(`${pages} nested pages of about 1 kB`, COLUMNS, rowsOf(taken, pages));
  await measureWrites(folder, sources.get('csv'), pages);
  for (const file of sources.values()) rmSync(file);
}

/** `file` is undefined when it is not asked for. */
async function measureWrites(folder: string, file: string | undefined, pages: number): Promise<void> {
  if (file === undefined) return;
  const beside: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    report.progress(`writing beside an import of ${pages} pages`);
    const times = await writeBeside(folder, file);
    for (const time of times.beside) beside.push(time);
    for (const time of times.alone) alone.push(time);
  }
  const rowOf = (what: string, times: readonly number[] = []): Row => {
    const { count: writes, p50, p95, p99, max } = summarise(times);
    return { what, writes, p50, p95, p99, max };
  };
  const rows = [rowOf(`while ${pages} are imported`, beside), rowOf('afterwards, as long', alone)];
  report.table('A server that imports a CSV, and one writer who waits for each answer', WRITE_COLUMNS, rows);
}

function rowsOf(taken: ReadonlyMap<Way, readonly Taken[]>, pages: number): Row[] {
  const medians = [...taken].map(([way, runs]) => ({
    what: way.name,
    seconds: summarise(runs.map(run => run.seconds)).p50,
    processor: summarise(runs.map(run => run.processorSeconds ?? 0)).p50,
    peak: Math.max(...runs.map(run => run.peakBytes ?? 0)),
  }));
  const git = medians.find(({ what }) => what === REFERENCE.name);
  return medians.map(({ what, seconds, processor, peak }) => ({
    what,
    rate: pages / seconds,
    us: (seconds / pages) * 1e6,
    toGit: (git?.seconds ?? 0) / seconds,
    processor: (processor / pages) * 1e6,
    toGitProcessor: processor / (git?.processor ?? 0),
    peak: peak / 1e6,
  }));
}
