import { join } from 'node:path';
import { type Bundle, makeBundles, makeStarter } from './init/bundles.ts';
import { type Start, startFunction } from './init/start.ts';
import { linkedPages } from './support/linked-wiki.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { percentile } from './support/statistics.ts';
import { loadWiki } from './support/wiki-folder.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** Starts of the API function as bundles, each in a fresh process, against a function that does nothing. */

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'bundle' },
  { key: 'starts', head: 'starts', as: 'count' },
  { key: 'kB', head: 'kB', as: 'kB' },
  { key: 'files', head: 'files', as: 'count' },
  { key: 'init', head: 'init p50 ms', as: 'ms' },
  { key: 'initP90', head: 'init p90 ms', as: 'ms' },
  { key: 'above', head: 'above empty p50 ms', as: 'ms' },
  { key: 'aboveP90', head: 'above empty p90 ms', as: 'ms' },
  { key: 'toSplit', head: 'above empty, to split', as: 'ratio' },
  { key: 'ready', head: 'process start to ready p50 ms', as: 'ms' },
  { key: 'write', head: 'to first write p50 ms', as: 'ms' },
  { key: 'writeP90', head: 'to first write p90 ms', as: 'ms' },
  { key: 'writeRatio', head: 'first write, to split', as: 'ratio' },
];

const options = benchOptions({ pages: [1_000], rounds: 60 }, { pages: [100], rounds: 5 });
const report = new Report('init', options);
await inWorkFolder(options.folder, async folder => {
  const bundles = await makeBundles(folder);
  const starter = await makeStarter(folder);
  for (const pages of options.pages) {
    const data = join(folder, `data-${pages}`);
    const uuid = await loadWiki(data, linkedPages(pages));
    const starts = startAll(bundles, (entry, round) =>
      startFunction({ starter, entry, data, uuid, page: `New-${pages}-${round}` }),
    );
    report.table(
      `Starts of the API function, wiki of ${pages} pages on a disk`,
      COLUMNS,
      toRows(bundles, starts),
    );
  }
});
report.note(
  [
    'init: from the first line of the starting script until the handler is there. First write: process start to the answer to a PUT',
    'of a new page; the empty handler answers at once. split: as deployed; the others show what that saves.',
  ].join('\n'),
);
report.finish();

/** In turns, in an order that shifts from round to round; the first round fills the file cache. */
function startAll(
  bundles: readonly Bundle[],
  start: (entry: string, round: string) => Start,
): Map<string, Start[]> {
  const starts = new Map<string, Start[]>(bundles.map(({ name }) => [name, []]));
  for (let round = 0; round <= options.rounds; round += 1) {
    for (let turn = 0; turn < bundles.length; turn += 1) {
      const bundle = bundles[(turn + round) % bundles.length];
      if (bundle === undefined) continue;
      const measured = start(bundle.entry, `${round}-${turn}`);
      if (round > 0) starts.get(bundle.name)?.push(measured);
    }
  }
  return starts;
}

function toRows(bundles: readonly Bundle[], starts: ReadonlyMap<string, Start[]>): Row[] {
  const at = (name: string, share: number, time: (start: Start) => number) =>
    percentile(
      (starts.get(name) ?? []).map(time).sort((a, b) => a - b),
      share,
    );
  const initOf = (name: string, share: number) => at(name, share, start => start.readyMs - start.beganMs);
  const writeOf = (name: string, share: number) => at(name, share, start => start.answeredMs);
  const above = (name: string, share: number) => initOf(name, share) - initOf('empty handler', share);
  return bundles.map(({ name, bytes, files }): Row => {
    const empty = name === 'empty handler';
    return {
      what: name,
      starts: starts.get(name)?.length,
      kB: bytes,
      files,
      init: initOf(name, 0.5),
      initP90: initOf(name, 0.9),
      above: above(name, 0.5),
      aboveP90: above(name, 0.9),
      toSplit: empty ? undefined : above(name, 0.5) / above('split', 0.5),
      ready: at(name, 0.5, start => start.readyMs),
      write: writeOf(name, 0.5),
      writeP90: writeOf(name, 0.9),
      writeRatio: empty ? undefined : writeOf(name, 0.5) / writeOf('split', 0.5),
    };
  });
}
