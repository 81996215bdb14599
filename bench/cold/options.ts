import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchOptions } from '../support/options.ts';

/** What `bench:cold` can be told. */
export interface ColdOptions {
  /** For the report and the server. */
  bench: BenchOptions;
  /** Starts of each variant for each first request. */
  samples: number;
  /** Milliseconds added to each answer of the server, a table each. */
  latenciesMs: readonly number[];
  /** Whether to measure with shares of a processor as well. */
  throttle: boolean;
  json: string | undefined;
  /** File that gets the chart. */
  chart: string | undefined;
  baseline: 'ignore' | 'check' | 'write';
}

const SAMPLES = 40;
const QUICK_SAMPLES = 11;
const LATENCIES = '0,20';

/**
 * Reads the flags. `--quick` and `--check` measure the near server only, without shares of a processor, unless they are told more.
 * @throws RangeError naming the flag that is wrong
 */
export function coldOptions(): ColdOptions {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string', default: '1000' },
      samples: { type: 'string' },
      latency: { type: 'string' },
      server: { type: 'string', default: 'small' },
      folder: { type: 'string' },
      json: { type: 'string' },
      chart: { type: 'string' },
      throttle: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      baseline: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const { server, check, baseline, folder } = values;
  if (server !== 'small' && server !== 'ceph')
    throw new RangeError(`--server is "${server}", it must be small or ceph`);
  if (check && baseline) throw new RangeError('--check and --baseline cannot be given together');
  const quick = values.quick || check;
  const samples = whole('--samples', values.samples ?? String(quick ? QUICK_SAMPLES : SAMPLES), 1);
  const latencies = values.latency ?? (quick || baseline ? '0' : LATENCIES);
  return {
    samples,
    latenciesMs: latencies.split(',').map(text => whole('--latency', text, 0)),
    throttle: values.throttle ?? !(quick || baseline),
    json: values.json,
    chart: values.chart === undefined ? undefined : resolve(values.chart),
    baseline: check ? 'check' : baseline ? 'write' : 'ignore',
    bench: {
      ...{ pages: [whole('--pages', values.pages, 10)], rounds: samples, seconds: 0, quick, million: false },
      ...{ folder: folder ?? tmpdir(), kept: folder, only: [], json: undefined },
      s3: { server, endpoint: undefined, bucket: undefined, latencyMs: 0 },
    },
  };
}

function whole(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min)
    throw new RangeError(`${flag} is "${text}", it must be a whole number from ${min}`);
  return value;
}
