import { type Contestant, interleave } from '../support/interleave.ts';
import type { Column, Report, Row } from '../support/report.ts';
import type { ColdWiki } from './cold-wiki.ts';
import { createProcessorShare, type ProcessorShare } from './processor-share.ts';
import { QUESTIONS } from './questions.ts';
import { Samples } from './samples.ts';
import { start } from './start.ts';
import type { Variant } from './variants.ts';

/** Sizes of a function. */
export const MEMORY_MB = [128, 512, 1024, 1769] as const;
/** Megabytes that come with a whole processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const WHOLE_PROCESSOR_MB = 1769;

const COLUMNS: readonly Column[] = [
  { key: 'memory', head: 'MB' },
  { key: 'share', head: 'processor', as: 'mean' },
  { key: 'what', head: 'variant' },
  { key: 'starts', head: 'starts', as: 'count' },
  { key: 'init', head: 'init p50 ms', as: 'ms' },
  { key: 'invoke', head: 'first write after it p50 ms', as: 'ms' },
  { key: 'invokeP90', head: 'p90 ms', as: 'ms' },
  { key: 'both', head: 'both p50 ms', as: 'ms' },
  { key: 'second', head: 'second write p50 ms', as: 'ms' },
];

export interface ThrottledCourse {
  variants: readonly Variant[];
  wiki: ColdWiki;
  endpoint: string;
  /** Starts of each variant at each size. */
  samples: number;
}

/** Names of samples: `512 default`. */
export function throttledName(memoryMb: number, variant: string): string {
  return `${memoryMb} ${variant}`;
}

/** First writes with the share of a processor that a function gets after init. Undefined where the system does not allow it. */
export async function measureThrottled(course: ThrottledCourse): Promise<Samples | undefined> {
  const shares = new Map<number, ProcessorShare>();
  for (const memoryMb of MEMORY_MB) {
    const made = createProcessorShare(memoryMb / WHOLE_PROCESSOR_MB);
    if (made !== undefined) shares.set(memoryMb, made);
  }
  if (shares.size === 0) return undefined;
  const samples = new Samples();
  const contestants = [...shares].flatMap(([memoryMb, share]) =>
    course.variants.map(variant => contestantOf(course, variant, memoryMb, share, samples)),
  );
  try {
    await interleave(contestants, { warmUp: 1, rounds: course.samples });
  } finally {
    for (const share of shares.values()) await share.remove();
  }
  return samples;
}

function contestantOf(
  { wiki, endpoint }: ThrottledCourse,
  variant: Variant,
  memoryMb: number,
  share: ProcessorShare,
  samples: Samples,
): Contestant {
  const environment = wiki.environment(endpoint);
  const name = throttledName(memoryMb, variant.name);
  return {
    name,
    run: async round => {
      const requests = await QUESTIONS.write.choose(wiki, 'journal', variant.name === 'empty');
      const afterInit = (pid: number) => share.add(pid);
      const times = await start(variant, { memoryMb, environment, requests, afterInit });
      if (round === 0) return;
      samples.add(name, 'initMs', times.initMs);
      QUESTIONS.write.note(samples, name, times);
    },
  };
}

/** Prints what was measured, by size. */
export function tellThrottled(report: Report, samples: Samples, variants: readonly Variant[]): void {
  const rows = MEMORY_MB.flatMap(memoryMb =>
    variants.map((variant): Row => {
      const name = throttledName(memoryMb, variant.name);
      return {
        memory: memoryMb,
        share: memoryMb / WHOLE_PROCESSOR_MB,
        what: variant.name,
        starts: samples.of(name, 'invokeMs').length,
        init: samples.median(name, 'initMs'),
        invoke: samples.median(name, 'invokeMs'),
        invokeP90: samples.percentiles(name, 'invokeMs')?.p90,
        both: samples.median(name, 'firstWriteMs'),
        second: samples.median(name, 'secondWriteMs'),
      };
    }),
  );
  report.table('With the share of a processor that a function gets after init', COLUMNS, rows);
}
