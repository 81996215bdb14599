import { coldStartsAbsent, functionFailed } from './errors.ts';
import type { Invocation, LambdaFunction } from './lambda-function.ts';
import type { MarkedFunction } from './marked-function.ts';
import { REASONS, type Reason, type Sample, sampleOf } from './sample.ts';

export interface SamplingOptions {
  lambda: LambdaFunction;
  marked: MarkedFunction;
  /** JSON. */
  event: string;
  /** Samples wanted; what is dropped is taken again, up to as many times and three. */
  count: number;
  signal: AbortSignal;
  /** Called for each sample. */
  advance(): void;
}

export interface Sampled {
  samples: Sample[];
  /** Invocations that are no samples, by reason. */
  dropped: Partial<Record<Reason, number>>;
  invocations: number;
  /** Of all invocations. */
  billedMs: number;
  /** The first status of 400 or more that the function answered. */
  refusedStatus: number | undefined;
}

/** After so many that were all dropped, more would be as well. */
const HOPELESS = 5;
/** Beyond the function's own time. */
const SPARE_MS = 60_000;

/** @throws KittiwakeError `function_failed`, `cold_starts_absent`, and those of marks and invocations */
export async function takeSamples(options: SamplingOptions): Promise<Sampled> {
  const { lambda, marked, event, count, signal, advance } = options;
  const sampled: Sampled = {
    samples: [],
    dropped: {},
    invocations: 0,
    billedMs: 0,
    refusedStatus: undefined,
  };
  const timeoutMs = marked.found.timeoutMs + SPARE_MS;
  while (sampled.samples.length < count && sampled.invocations < count * 2 + 3) {
    await marked.mark(sampled.invocations + 1, signal);
    const invocation = await lambda.invoke(event, { timeoutMs, signal });
    if (invocation.isError) throw functionFailed(lambda.name, errorTypeOf(invocation));
    if (take(invocation, sampled)) advance();
    if (sampled.samples.length === 0 && sampled.invocations >= HOPELESS) break;
  }
  if (sampled.samples.length > 0) return sampled;
  throw coldStartsAbsent(lambda.name, sampled.invocations, droppedText(sampled.dropped));
}

/** `2 initialised ahead of the request, 1 …` */
export function droppedText(dropped: Sampled['dropped']): string {
  return Object.entries(dropped)
    .map(([reason, count]) => `${count} ${REASONS[reason as Reason]}`)
    .join('; ');
}

/** Whether it is a sample. */
function take(invocation: Invocation, sampled: Sampled): boolean {
  const taken = sampleOf(invocation);
  sampled.invocations += 1;
  if ('sample' in taken) {
    sampled.samples.push(taken.sample);
    sampled.billedMs += taken.sample.billedMs;
  } else {
    sampled.dropped[taken.dropped] = (sampled.dropped[taken.dropped] ?? 0) + 1;
    sampled.billedMs += taken.billedMs;
  }
  const status = statusOf(invocation.payload);
  if (status !== undefined && status >= 400) sampled.refusedStatus ??= status;
  return 'sample' in taken;
}

/** Of an answer over HTTP. One that was streamed has eight zeros between status and body. */
function statusOf(payload: string): number | undefined {
  const parsed = parseJson(payload.split('\0', 1)[0] ?? '') as { statusCode?: unknown } | undefined;
  return typeof parsed?.statusCode === 'number' ? parsed.statusCode : undefined;
}

/** Messages of errors may quote anything; types are names. */
function errorTypeOf({ payload }: Invocation): string {
  const parsed = parseJson(payload) as { errorType?: unknown } | undefined;
  const type = String(parsed?.errorType ?? '');
  return /^[\w.:$-]{1,100}$/.test(type) ? type : 'an error';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
