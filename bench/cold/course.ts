import type { Report } from '../support/report.ts';
import { openServer, type ServerUnderTest } from '../support/server-under-test.ts';
import { inWorkFolder } from '../support/work-folder.ts';
import { ColdWiki, type Place } from './cold-wiki.ts';
import { Floor } from './floor.ts';
import { further } from './further.ts';
import { measure } from './measure.ts';
import type { ColdOptions } from './options.ts';
import { tellRatios } from './ratios.ts';
import { tellInitialisations, tellRun } from './run-tables.ts';
import type { Samples } from './samples.ts';
import { measureThrottled, tellThrottled } from './throttled.ts';
import { buildVariants, DEFAULT_MEMORY_MB, type Variant } from './variants.ts';

/** What was measured at one distance of the server, of one kind of page. */
export interface Run {
  latencyMs: number;
  place: Place;
  samples: Samples;
}

export interface Measured {
  variants: readonly Variant[];
  /** The one that counts is the first. */
  runs: readonly Run[];
  /** By size of the function; undefined when it was not wanted or not possible. */
  throttled: Samples | undefined;
}

/** The forms of the function, without those that they are compared with. */
export const OURS = ['default', 'nocache', 'noprefetch'];

/** Each is slow. */
const THROTTLED_SAMPLES = 15;

const PLACES: Readonly<Record<Place, string>> = {
  journal: 'a page that the journal knows',
  pack: 'a page in a pack',
};

/** Measures all that the options want, and prints it. */
export async function measureAll(report: Report, options: ColdOptions): Promise<Measured> {
  const near = await openServer(options.bench.s3);
  try {
    return await inWorkFolder(options.bench.folder, folder => measureAt(report, options, near, folder));
  } finally {
    await near.stop();
  }
}

async function measureAt(
  report: Report,
  options: ColdOptions,
  near: ServerUnderTest,
  folder: string,
): Promise<Measured> {
  report.progress('building');
  const variants = await buildVariants(folder, options.baseline === 'ignore');
  const [pages = 0] = options.bench.pages;
  const wiki = await ColdWiki.make(near, pages, options.bench.kept);
  const floor = await Floor.make(folder, near.target, `${near.prefix}/floor`);
  const runs: Run[] = [];
  for (const [latencyMs, place] of coursesOf(options)) {
    const where = `${near.name}${latencyMs > 0 ? `, ${latencyMs} ms added` : ''}, ${PLACES[place]}`;
    report.progress(where);
    const common = { variants, floor, wiki, place, memoryMb: DEFAULT_MEMORY_MB, samples: options.samples };
    const samples = await further(near.target, latencyMs, target => measure({ ...common, target }));
    runs.push({ latencyMs, place, samples });
    tellRun(report, where, samples, variants);
    tellRatios(report, where, samples, OURS);
    if (runs.length === 1) tellInitialisations(report, samples, variants);
  }
  const throttled = options.throttle ? await throttle(report, options, { variants, wiki, near }) : undefined;
  await wiki.verify();
  return { variants, runs, throttled };
}

async function throttle(
  report: Report,
  options: ColdOptions,
  { variants, wiki, near }: { variants: readonly Variant[]; wiki: ColdWiki; near: ServerUnderTest },
): Promise<Samples | undefined> {
  report.progress('with shares of a processor');
  const { endpoint } = near.target;
  const samples = Math.min(options.samples, THROTTLED_SAMPLES);
  const throttled = await measureThrottled({ variants, wiki, endpoint, samples });
  if (throttled !== undefined) tellThrottled(report, throttled, variants);
  else report.note('Shares of a processor are left out: they need control groups that this user can make.');
  return throttled;
}

/** Pages in a pack at the first distance only, and not in a hurry. */
function coursesOf({ latenciesMs, bench }: ColdOptions): [latencyMs: number, place: Place][] {
  const journal = latenciesMs.map((ms): [number, Place] => [ms, 'journal']);
  const [first] = latenciesMs;
  return bench.quick || first === undefined ? journal : [...journal, [first, 'pack']];
}
