import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

/** What every benchmark can be told. */
export interface BenchOptions {
  /** Sizes of the wikis measured. */
  pages: number[];
  /** Measured rounds; some benchmarks go on to the end of a flush cycle. */
  rounds: number;
  /** Small sizes and few rounds: finds what is broken, measures nothing. */
  quick: boolean;
  /** Length of a run under load, in seconds. */
  seconds: number;
  /** Adds what takes minutes: wikis of 1,000,000 pages. */
  million: boolean;
  /** Where the wikis lie while they are measured; it must be a disk, not memory. */
  folder: string;
  /** Where wikis that were made stay for the next run. Absent: nowhere. */
  kept: string | undefined;
  /** Which tables to make, where a benchmark can tell them apart. Empty: all. */
  only: readonly string[];
  s3: S3Options;
  /** File that gets the tables as JSON. */
  json: string | undefined;
}

/** The S3 server to measure with, for the benchmarks that need one. */
export interface S3Options {
  /** `ceph` and `small` are started and stopped; `small` is the one that the tests bring. */
  server: 'ceph' | 'small';
  /** URL of another one, which runs already; the credentials are in the environment. */
  endpoint: string | undefined;
  /** Bucket at that other one. What is written there is removed at the end. */
  bucket: string | undefined;
  /** Added to each answer, in milliseconds. */
  latencyMs: number;
}

interface Defaults {
  pages: readonly number[];
  rounds: number;
  seconds?: number;
}

/**
 * Reads the flags of a benchmark.
 * @throws RangeError naming the flag that is wrong
 */
export function benchOptions(full: Defaults, quick: Defaults): BenchOptions {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      folder: { type: 'string' },
      only: { type: 'string' },
      server: { type: 'string', default: 'ceph' },
      endpoint: { type: 'string' },
      bucket: { type: 'string' },
      latency: { type: 'string', default: '0' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      million: { type: 'boolean', default: false },
    },
  });
  const defaults = values.quick ? quick : full;
  return {
    pages: values.pages?.split(',').map(text => whole('--pages', text)) ?? [...defaults.pages],
    rounds: values.rounds === undefined ? defaults.rounds : whole('--rounds', values.rounds),
    seconds: values.seconds === undefined ? (defaults.seconds ?? 0) : whole('--seconds', values.seconds),
    quick: values.quick,
    million: values.million,
    folder: values.folder ?? tmpdir(),
    kept: values.folder,
    only: values.only?.split(',') ?? [],
    s3: s3Options(values),
    json: values.json,
  };
}

interface S3Values {
  server: string;
  endpoint?: string;
  bucket?: string;
  latency: string;
}

function s3Options({ server, endpoint, bucket, latency }: S3Values): S3Options {
  if (server !== 'ceph' && server !== 'small')
    throw new RangeError(`--server is "${server}", it must be ceph or small`);
  if ((endpoint === undefined) !== (bucket === undefined))
    throw new RangeError('--endpoint and --bucket must be given together');
  return { server, endpoint, bucket, latencyMs: whole('--latency', latency) };
}

function whole(flag: string, text: string): number {
  const digits = text.replaceAll(/[_ ]/g, '');
  if (!/^\d+$/.test(digits)) throw new RangeError(`${flag} is "${text}", it must be a whole number`);
  return Number(digits);
}
