import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { optionInvalid, targetFailed } from '../errors.ts';
import type { FunctionSetup } from './function-state.ts';
import type { Sample } from './sample.ts';
import type { Sampled } from './sampling.ts';
import { type Percentiles, percentilesOf } from './statistics.ts';

/** What `--json` writes and `--compare` reads. */
export interface Measurement {
  format: 1;
  function: string;
  region: string;
  /** ISO 8601, when the last sample was taken. */
  measuredAt: string;
  /** `health`, or the file the event is from. */
  event: string;
  setup: FunctionSetup;
  samples: Sample[];
  percentiles: Record<Quantity, Percentiles>;
  /** Invocations that are no samples, by reason. */
  dropped: Sampled['dropped'];
  /** What the run costs: all invocations, dropped ones included. */
  billed: { invocations: number; ms: number; gbSeconds: number };
}

export type Quantity = keyof Sample;

/** In the order of the table. */
export const QUANTITIES: Readonly<Record<Quantity, string>> = {
  initMs: 'init, ms',
  durationMs: 'first invocation, ms',
  totalMs: 'both, ms',
  billedMs: 'billed, ms',
  maxMemoryMb: 'memory used, MB',
  clientMs: 'seen from here, ms',
};

export const QUANTITY_NAMES = Object.keys(QUANTITIES) as Quantity[];

export function measurementOf(
  sampled: Sampled,
  about: Pick<Measurement, 'function' | 'region' | 'measuredAt' | 'event' | 'setup'>,
): Measurement {
  const { samples, dropped, invocations, billedMs } = sampled;
  const percentiles = Object.fromEntries(
    QUANTITY_NAMES.map(name => [name, percentilesOf(samples.map(sample => sample[name]))]),
  ) as Record<Quantity, Percentiles>;
  const gbSeconds = (billedMs / 1000) * (about.setup.memoryMb / 1024);
  const billed = { invocations, ms: billedMs, gbSeconds };
  return { format: 1, ...about, samples, percentiles, dropped, billed };
}

/** @throws KittiwakeError `usage` */
export function readMeasurement(file: string): Measurement {
  try {
    const found: Measurement = JSON.parse(readFileSync(file, 'utf8'));
    const isWhole = (sample: Sample) => QUANTITY_NAMES.every(name => Number.isFinite(sample[name]));
    if (found.format === 1 && found.samples.length > 0 && found.samples.every(isWhole) && found.setup) {
      return found;
    }
  } catch {
    // Told below, whatever is wrong with it.
  }
  throw optionInvalid('--compare', file, 'a file that "kittiwake coldstart --json" wrote');
}

/** So that nothing is measured in vain. @throws KittiwakeError `target_failed` */
export function checkTarget(file: string): void {
  try {
    if (!statSync(dirname(file)).isDirectory()) throw new Error('its folder is none');
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw targetFailed(file, error);
  }
}

/** Replaces the file. @throws KittiwakeError `target_failed` */
export function writeMeasurement(file: string, measurement: Measurement): void {
  try {
    writeFileSync(`${file}.partial`, `${JSON.stringify(measurement, undefined, 2)}\n`);
    renameSync(`${file}.partial`, file);
  } catch (error) {
    throw targetFailed(file, error);
  }
}
