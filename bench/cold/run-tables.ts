import type { Column, Report, Row } from '../support/report.ts';
import type { Samples } from './samples.ts';
import type { Variant } from './variants.ts';

const TIMES = [
  ['initMs', 'init'],
  ['firstHealthMs', 'first health'],
  ['firstReadMs', 'first read'],
  ['firstWriteMs', 'first write'],
  ['invokeMs', 'its invocation'],
  ['secondWriteMs', 'second write'],
] as const;

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'p50 / p90 / p99 ms' },
  { key: 'starts', head: 'starts', as: 'count' },
  ...TIMES.map(([key, head]): Column => ({ key, head })),
];

const PROCESSOR: readonly Column[] = [
  { key: 'what', head: 'processor time until the answer, p50 ms' },
  { key: 'healthProcessorMs', head: 'health', as: 'ms' },
  { key: 'readProcessorMs', head: 'read', as: 'ms' },
  { key: 'writeProcessorMs', head: 'write', as: 'ms' },
];

/** Prints what was measured of all, times first. */
export function tellRun(report: Report, where: string, samples: Samples, variants: readonly Variant[]): void {
  const names = [...variants.map(({ name }) => name), 'floor', 'bare'];
  report.table(
    `Process start to answer, ${where}`,
    COLUMNS,
    names.map(name => timesOf(samples, name)),
  );
  report.table(
    `The same in processor time, ${where}`,
    PROCESSOR,
    names.map(name => processorOf(samples, name)),
  );
}

function timesOf(samples: Samples, who: string): Row {
  const cells = TIMES.map(([key]) => [key, spread(samples, who, key)] as const);
  return { what: who, starts: samples.of(who, 'initMs').length, ...Object.fromEntries(cells) };
}

function spread(samples: Samples, who: string, what: string): string {
  const found = samples.percentiles(who, what);
  if (found === undefined) return '';
  return [found.p50, found.p90, found.p99].map(each => each.toFixed(1).padStart(5)).join(' / ');
}

function processorOf(samples: Samples, who: string): Row {
  const cells = PROCESSOR.slice(1).map(({ key }) => [key, samples.median(who, key)]);
  return { what: who, ...Object.fromEntries(cells) };
}

/** Prints what the functions say that each of their parts took. */
export function tellInitialisations(report: Report, samples: Samples, variants: readonly Variant[]): void {
  const told = variants.filter(({ name }) => initialisationsOf(samples, name).length > 0);
  const names = new Set(told.flatMap(({ name }) => initialisationsOf(samples, name)));
  const rows = [...names].map((part): Row => {
    const cells = told.map(({ name }) => [name, samples.median(name, `init ${part}`)]);
    return { what: part, ...Object.fromEntries(cells) };
  });
  const columns = told.map(({ name }): Column => ({ key: name, head: `${name} p50 ms`, as: 'ms' }));
  const title = 'What is made on its first use until the first write is answered, what it waits for included';
  report.table(title, [{ key: 'what', head: 'part' }, ...columns], rows);
}

function initialisationsOf(samples: Samples, who: string): string[] {
  return samples.whatOf(who).flatMap(what => (what.startsWith('init ') ? [what.slice(5)] : []));
}
