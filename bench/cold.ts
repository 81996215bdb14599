import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Baseline, baselineOf, compare, LEAST_MS, TOLERANCES, worseThan } from './cold/baseline.ts';
import { drawChart } from './cold/chart.ts';
import { measureAll, OURS } from './cold/course.ts';
import { type ColdOptions, coldOptions } from './cold/options.ts';
import { resultOf } from './cold/result.ts';
import type { Samples } from './cold/samples.ts';
import { Report } from './support/report.ts';

/** The API function from the start of its process to its first answers, against an empty one and the bare requests. */

const BASELINE = join(import.meta.dirname, 'cold/baseline.json');

const options = coldOptions();
const report = new Report('cold', options.bench);
const measured = await measureAll(report, options);
report.finish();
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(resultOf(options, measured), rounded, 2)}\n`);
}
if (options.chart !== undefined) writeFileSync(options.chart, drawChart(options, measured));
const [first] = measured.runs;
if (first !== undefined && options.baseline !== 'ignore') judge(options, first.samples);

/** Thousandths are enough. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

function judge({ baseline, samples }: ColdOptions, first: Samples): void {
  const found = compare(first, OURS);
  if (baseline === 'write') {
    writeFileSync(BASELINE, `${JSON.stringify(baselineOf(found, samples), null, 2)}\n`);
    return;
  }
  const written: Baseline = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const worse = worseThan(written, found);
  for (const line of worse) console.error(line);
  if (worse.length > 0) process.exitCode = 1;
  const { time, processor } = TOLERANCES;
  const rule = `${time * 100} % (processor time ${processor * 100} %) and ${LEAST_MS} ms`;
  console.log(`\n${worse.length} of ${found.size} ratios are worse than bench/cold/baseline.json by ${rule}`);
}
