import { describeMachine, type Machine } from '../support/machine.ts';
import type { Measured, Run } from './course.ts';
import type { ColdOptions } from './options.ts';
import { type Ratios, ratiosOf } from './ratios.ts';
import { type Percentiles, QUANTITIES, type Samples } from './samples.ts';
import { MEMORY_MB, throttledName } from './throttled.ts';

type ByVariant = Record<string, Record<string, Percentiles>>;

/** What `--json` writes; times in milliseconds. */
export interface Result {
  node: string;
  /** Starts of each variant for each first request. */
  samples: number;
  /** Of the first run. */
  variants: ByVariant;
  /** Of `default` in the first run. */
  ratios: Ratios;
  machine: Machine;
  /** All of them, the first one as well. */
  runs: { latencyMs: number; place: string; variants: ByVariant; ratios: Ratios }[];
  /** Medians of what is made on its first use, by variant and name. */
  initialisations: Record<string, Record<string, number>>;
  /** By megabytes of the function; absent when it was not measured. */
  throttled?: Record<string, ByVariant>;
}

export function resultOf({ samples, bench }: ColdOptions, { variants, runs, throttled }: Measured): Result {
  const [first] = runs;
  if (first === undefined) throw new RangeError('A result needs at least one run');
  const names = [...variants.map(({ name }) => name), 'floor', 'bare'];
  return {
    node: process.version,
    samples,
    variants: byVariant(first.samples, names),
    ratios: ratiosOf(first.samples, 'default'),
    machine: describeMachine(bench.folder),
    runs: runs.map(run => runOf(run, names)),
    initialisations: Object.fromEntries(names.map(name => [name, initialisationsOf(first.samples, name)])),
    ...(throttled === undefined ? {} : { throttled: bySize(throttled, names) }),
  };
}

function runOf({ latencyMs, place, samples }: Run, names: readonly string[]): Result['runs'][number] {
  return { latencyMs, place, variants: byVariant(samples, names), ratios: ratiosOf(samples, 'default') };
}

function byVariant(samples: Samples, names: readonly string[], nameOf = (name: string) => name): ByVariant {
  const entries = names.map(name => {
    const found = QUANTITIES.flatMap(what => {
      const values = samples.percentiles(nameOf(name), what);
      return values === undefined ? [] : [[what, values] as const];
    });
    return [name, Object.fromEntries(found)] as const;
  });
  return Object.fromEntries(entries.filter(([, found]) => Object.keys(found).length > 0));
}

function bySize(samples: Samples, names: readonly string[]): Record<string, ByVariant> {
  const entries = MEMORY_MB.map(memoryMb => {
    return [memoryMb, byVariant(samples, names, name => throttledName(memoryMb, name))] as const;
  });
  return Object.fromEntries(entries);
}

function initialisationsOf(samples: Samples, who: string): Record<string, number> {
  const names = samples.whatOf(who).filter(what => what.startsWith('init '));
  return Object.fromEntries(names.map(what => [what.slice(5), samples.median(who, what) ?? 0]));
}
