import { describeMachine } from '../support/machine.ts';
import { type Bar, type BarGroup, drawBars } from './bars.ts';
import type { Measured, Run } from './course.ts';
import type { ColdOptions } from './options.ts';
import type { Samples } from './samples.ts';

const ROWS: readonly [name: string, text: string][] = [
  ['floor', 'a bare script, the same two requests'],
  ['empty', 'answers at once, asks nothing'],
  ['bare', 'a function, the same two requests'],
  ['default', 'after npm run deploy'],
  ['noprefetch', 'init reads no ledger'],
  ['nocache', 'after cdk deploy alone'],
  ['eager', 'everything imported statically'],
];

/** A chart of the first writes, as SVG: for each distance of the server a bar of init and invocation for each variant. */
export function drawChart({ samples, bench }: ColdOptions, { runs }: Measured): string {
  const { node, cpus, date } = describeMachine(bench.folder);
  return drawBars({
    title: 'From the start of a process to its first written page',
    subtitle: `Behind Lambda’s Runtime API. Medians of ${samples} starts each. Node ${node}, ${cpus}, ${date.slice(0, 10)}`,
    legend: { first: 'init: until it asks for an event', second: 'invocation: until it has answered' },
    groups: runs.filter(({ place }) => place === 'journal').map(groupOf),
  });
}

function groupOf({ latencyMs, samples }: Run): BarGroup {
  const title = latencyMs === 0 ? 'S3 server on the same machine' : `S3 server ${latencyMs} ms further away`;
  return { title, bars: ROWS.flatMap(([name, text]) => barOf(samples, name, text)) };
}

function barOf(samples: Samples, name: string, text: string): Bar[] {
  const init = samples.percentiles(name, 'initMs');
  const write = samples.percentiles(name, 'firstWriteMs');
  if (init === undefined || write === undefined) return [];
  return [{ name, text, firstMs: Math.min(init.p50, write.p50), totalMs: write.p50, p90Ms: write.p90 }];
}
