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
  /** File that gets the tables as JSON. */
  json: string | undefined;
}

interface Defaults {
  pages: readonly number[];
  rounds: number;
  seconds?: number;
}

/**
 * Reads the flags of a benchmark.
 * @throws RangeError naming the flag that is no whole number
 */
export function benchOptions(full: Defaults, quick: Defaults): BenchOptions {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      folder: { type: 'string' },
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
    json: values.json,
  };
}

function whole(flag: string, text: string): number {
  const digits = text.replaceAll(/[_ ]/g, '');
  if (!/^\d+$/.test(digits)) throw new RangeError(`${flag} is "${text}", it must be a whole number`);
  return Number(digits);
}
