import { counted } from '../import-summary.ts';
import { type Measurement, QUANTITIES, QUANTITY_NAMES, type Quantity } from './measurement.ts';
import { droppedText } from './sampling.ts';
import { MIN_COMPARED, type Percentiles, sameSourceProbability } from './statistics.ts';

const SHOWN: readonly (keyof Percentiles)[] = ['min', 'p50', 'p90', 'p99', 'max'];

/** The result of a run. */
export function measurementLines(measurement: Measurement): string[] {
  const { function: name, region, setup, samples, dropped, percentiles, billed } = measurement;
  const rows = QUANTITY_NAMES.map(quantity => [
    QUANTITIES[quantity],
    ...SHOWN.map(share => shown(quantity, percentiles[quantity][share])),
  ]);
  const lost = droppedText(dropped);
  return [
    `Cold starts of "${name}" in ${region}: ${setup.runtime}, ${setup.architecture}, ${setup.memoryMb} MB`,
    `${counted(samples.length, 'sample')}; dropped: ${lost === '' ? 'none' : lost}`,
    '',
    ...table([['', ...SHOWN], ...rows]),
    '',
    `Billed for this: ${counted(billed.invocations, 'invocation')}, ${Math.round(billed.ms)} ms, ${billed.gbSeconds.toFixed(2)} GB-s`,
  ];
}

/** Verdicts are wrong once in a hundred where nothing has changed. */
const SIGNIFICANT = 0.01;

/** What has become of each quantity since another measurement. */
export function comparisonLines(before: Measurement, now: Measurement): string[] {
  const rows = QUANTITY_NAMES.map(quantity => {
    const [old, current] = [before, now].map(({ samples }) => samples.map(sample => sample[quantity]));
    const [oldP50, p50] = [before, now].map(({ percentiles }) => percentiles[quantity].p50) as [
      number,
      number,
    ];
    const difference = p50 - oldP50;
    return [
      QUANTITIES[quantity],
      shown(quantity, oldP50),
      shown(quantity, p50),
      `${difference >= 0 ? '+' : ''}${shown(quantity, difference)}`,
      oldP50 > 0 ? (p50 / oldP50).toFixed(3) : '',
      verdictOn(old ?? [], current ?? []),
    ];
  });
  return [
    `Compared with ${before.measuredAt}, ${counted(before.samples.length, 'sample')} of "${before.function}" in ${before.region}`,
    ...setupNotes(before, now),
    '',
    ...table([['', 'p50 before', 'p50 now', 'difference', 'ratio', 'beyond noise'], ...rows]),
  ];
}

function verdictOn(before: readonly number[], now: readonly number[]): string {
  if (Math.min(before.length, now.length) < MIN_COMPARED) return `unknown: needs ${MIN_COMPARED} samples`;
  const probability = sameSourceProbability(before, now);
  const text = probability < 0.0001 ? 'p < 0.0001' : `p = ${probability.toFixed(4)}`;
  return `${probability < SIGNIFICANT ? 'yes' : 'no'} (${text})`;
}

function setupNotes(before: Measurement, now: Measurement): string[] {
  const facts = ({ event, setup, region }: Measurement) => ({
    event,
    region,
    runtime: setup.runtime,
    architecture: setup.architecture,
    'memory, MB': setup.memoryMb,
    'version of the runtime': setup.runtimeVersion,
  });
  const old: Record<string, unknown> = facts(before);
  return Object.entries(facts(now)).flatMap(([name, value]) =>
    old[name] === value ? [] : [`note: another ${name}: "${old[name]}" before, "${value}" now`],
  );
}

function shown(quantity: Quantity, value: number): string {
  return value.toFixed(quantity === 'maxMemoryMb' || quantity === 'billedMs' ? 0 : 1);
}

/** The first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
