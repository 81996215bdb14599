import type { BenchOptions } from '../support/options.ts';
import type { Column, Report, Row } from '../support/report.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { percentile } from '../support/statistics.ts';
import { inWorkFolder } from '../support/work-folder.ts';
import { BucketWiki } from './bucket-wiki.ts';
import { type ColdResult, makeColdTools, raceColdWrites } from './cold-race.ts';
import type { ColdStart, FunctionStart } from './cold-start.ts';

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'process' },
  { key: 'starts', head: 'starts', as: 'count' },
  { key: 'requests', head: 'requests' },
  { key: 'began', head: 'start to own code p50 ms', as: 'ms' },
  { key: 'p50', head: 'start to answer p50 ms', as: 'ms' },
  { key: 'p90', head: 'p90 ms', as: 'ms' },
  { key: 'ratio', head: 'p50 to bare', as: 'ratio' },
  { key: 'above', head: 'p50 above bare ms', as: 'ms' },
  { key: 'processor', head: 'processor p50 ms', as: 'ms' },
  { key: 'processorAbove', head: 'above bare ms', as: 'ms' },
];

const PHASES: readonly Column[] = [
  { key: 'phase', head: 'phase' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p90', head: 'p90 ms', as: 'ms' },
];

/** Cold updates: each by a fresh process of the API function as bundled, against a script that sends the same two requests. */
export async function measureCold(report: Report, options: BenchOptions, server: ServerUnderTest) {
  const pages = options.quick ? 1_000 : 10_000;
  const rounds = options.quick ? 3 : Math.max(20, Math.ceil(options.rounds / 10));
  report.progress(`cold writes at ${pages} pages`);
  // Beside the wikis of the warm writes.
  const apart = { ...server, prefix: `${server.prefix}/cold` };
  const wiki = await BucketWiki.make(apart, { pages, layout: 'nested', bytes: 2_000 }, options.kept);
  const result = await inWorkFolder(options.folder, async folder =>
    raceColdWrites(apart, wiki, await makeColdTools(folder), rounds),
  );
  report.table(
    `Cold update, process start to answer, ${pages} pages, ${server.name}`,
    COLUMNS,
    startRows(result),
  );
  report.table(
    'Where a cold update of a page in the journal takes its time: write path in two files',
    PHASES,
    phaseRows(result),
  );
  for (const [what, starts] of result.functions)
    report.note(`Server-Timing, ${what}: ${starts.at(-1)?.timing}`);
}

function startRows({ bare, functions }: ColdResult): Row[] {
  const all: [string, readonly ColdStart[]][] = [['bare script: GET and PUT', bare], ...functions];
  const reference = at(bare, 0.5, start => start.answeredMs);
  const referenceUsed = at(bare, 0.5, start => start.processorMs);
  return all.map(([what, starts]) => {
    const p50 = at(starts, 0.5, start => start.answeredMs);
    const processor = at(starts, 0.5, start => start.processorMs);
    return {
      what,
      starts: starts.length,
      requests: requestsOf(starts),
      began: at(starts, 0.5, start => start.beganMs),
      p50,
      p90: at(starts, 0.9, start => start.answeredMs),
      ratio: p50 / reference,
      above: p50 - reference,
      processor,
      processorAbove: processor - referenceUsed,
    };
  });
}

/** As the function itself tells it, of a start in the middle. */
function requestsOf(starts: readonly (ColdStart & Partial<FunctionStart>)[]): string {
  const said = starts.map(({ timing }) => /\d+ requests?, \d+ in sequence/.exec(timing ?? '')?.[0] ?? '');
  said.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return said[Math.floor(said.length / 2)] ?? '';
}

/** From the processes whose requests were watched: GET of the ledger, PUT of it. */
function phaseRows({ watched, bare }: ColdResult): Row[] {
  const phases: [string, (start: FunctionStart) => number][] = [
    ['Node starts', start => start.beganMs],
    ['init: the function is loaded', start => start.readyMs - start.loadingMs],
    ['request taken until the ledger is asked for', start => first(start).startedMs - start.readyMs],
    ['GET of the ledger, connection included', start => first(start).endedMs - first(start).startedMs],
    ['ledger read until the PUT is sent', start => last(start).startedMs - first(start).endedMs],
    ['PUT of the ledger', start => last(start).endedMs - last(start).startedMs],
    ['PUT answered until the answer', start => answered(start) - last(start).endedMs],
  ];
  const rows = phases.map(([phase, time]) => ({
    phase,
    p50: at(watched, 0.5, time),
    p90: at(watched, 0.9, time),
  }));
  const get = (start: ColdStart) => (start.readMs ?? Number.NaN) - start.beganMs;
  const put = (start: ColdStart) => start.answeredMs - (start.readMs ?? Number.NaN);
  return [
    ...rows,
    {
      phase: 'bare script: own code until the GET is answered',
      p50: at(bare, 0.5, get),
      p90: at(bare, 0.9, get),
    },
    { phase: 'bare script: PUT', p50: at(bare, 0.5, put), p90: at(bare, 0.9, put) },
  ];
}

/** With what the starter took for itself. */
function answered({ answeredMs, loadingMs, beganMs }: FunctionStart): number {
  return answeredMs + loadingMs - beganMs;
}

function first({ requests }: FunctionStart) {
  const [request] = requests;
  if (request === undefined) throw new Error('Watching a cold write fails: it sent no request');
  return request;
}

function last({ requests }: FunctionStart) {
  const request = requests.findLast(each => each.method === 'PUT' && each.path.includes('/ledger/'));
  if (request === undefined) throw new Error('Watching a cold write fails: it put no ledger');
  return request;
}

function at<S>(starts: readonly S[], share: number, time: (start: S) => number): number {
  return percentile(
    starts.map(time).sort((a, b) => a - b),
    share,
  );
}
