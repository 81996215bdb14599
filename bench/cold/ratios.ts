import type { Column, Report, Row } from '../support/report.ts';
import type { Samples } from './samples.ts';

/** What the medians of one variant say beside those of the others. Undefined where something was not measured. */
export interface Ratios {
  /** Init of this variant less that of the empty handler. */
  initAboveEmptyMs: number | undefined;
  /** Init of the eager one above the empty handler, to that; undefined as well where that is no difference. */
  eagerInit: number | undefined;
  /** Process start to first write, to the bare script. */
  firstWriteToFloor: number | undefined;
  /** The same, to the bare requests as a function: the runtime is in both. */
  firstWriteToBare: number | undefined;
  /** The eager one's, to this. */
  eagerFirstWrite: number | undefined;
  /** First write with a token in place of the key, to this. */
  tokenFirstWrite: number | undefined;
  /** Processor time of a first write less that of the bare function. */
  processorAboveBareMs: number | undefined;
}

export function ratiosOf(samples: Samples, who: string): Ratios {
  const at = (name: string, what: string) => samples.median(name, what) ?? Number.NaN;
  const above = (name: string) => at(name, 'initMs') - at('empty', 'initMs');
  const write = (name: string) => at(name, 'firstWriteMs');
  const processor = (name: string) => at(name, 'writeProcessorMs');
  return {
    initAboveEmptyMs: finite(above(who)),
    eagerInit: above(who) > 0 ? finite(above('eager') / above(who)) : undefined,
    firstWriteToFloor: finite(write(who) / write('floor')),
    firstWriteToBare: finite(write(who) / write('bare')),
    eagerFirstWrite: finite(write('eager') / write(who)),
    tokenFirstWrite: finite(write('token') / write(who)),
    processorAboveBareMs: finite(processor(who) - processor('bare')),
  };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

const COLUMNS: readonly Column[] = [
  { key: 'what', head: 'medians' },
  { key: 'initAboveEmptyMs', head: 'init above empty ms', as: 'ms' },
  { key: 'eagerInit', head: 'eager’s above empty, to it', as: 'ratio' },
  { key: 'firstWriteToFloor', head: 'first write to floor', as: 'ratio' },
  { key: 'firstWriteToBare', head: 'to bare', as: 'ratio' },
  { key: 'eagerFirstWrite', head: 'eager’s first write, to it', as: 'ratio' },
  { key: 'tokenFirstWrite', head: 'token’s first write, to it', as: 'ratio' },
  { key: 'processorAboveBareMs', head: 'processor above bare ms', as: 'ms' },
];

export function tellRatios(report: Report, where: string, samples: Samples, names: readonly string[]): void {
  const rows = names.map((what): Row => ({ what, ...ratiosOf(samples, what) }));
  report.table(`Beside the others, ${where}`, COLUMNS, rows);
}
