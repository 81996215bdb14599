import type { Invocation } from './lambda-function.ts';
import { type InvocationReport, readReport } from './report.ts';

/** One cold start. Times in milliseconds, memory in MB. */
export interface Sample {
  /** Init Duration: the environment's start and the loading of the code. */
  initMs: number;
  /** Duration of the first invocation. */
  durationMs: number;
  /** Both: what the first request waits for inside Lambda. */
  totalMs: number;
  billedMs: number;
  maxMemoryMb: number;
  /** From the call to its answer, seen from here: placement, download of the code and the network included. */
  clientMs: number;
}

/** Why an invocation is no sample. */
export type Reason = keyof typeof REASONS;

export const REASONS = {
  reused: 'without Init Duration: the environment was there already',
  ahead: 'initialised ahead of the request',
  repeated: 'init failed or timed out, and was done again by the invocation',
  resent: 'throttled or failed at first, and sent again',
  unreadable: 'without a report at the end of the log',
};

/** Between init and invocation, beyond what an on-demand start takes. */
const IDLE_MS = 1000;

/**
 * The sample that an invocation is, or why it is none. Lambda initialises some environments ahead of requests and reports
 * their Init Duration all the same. It shows in two ways: init and invocation together take longer than the call did from
 * here, or the log (JSON only) has a pause between them. An init that is shorter than the network's part may go unnoticed.
 */
export function sampleOf(invocation: Invocation): { sample: Sample } | { dropped: Reason; billedMs: number } {
  const { tail, requestId, clientMs, attempts } = invocation;
  const report = readReport(tail, requestId);
  const drop = (dropped: Reason) => ({ dropped, billedMs: report?.billedMs ?? 0 });
  if (report === undefined) return drop('unreadable');
  if (report.isInitRepeated) return drop('repeated');
  if (report.initMs === undefined) return drop('reused');
  const sample = complete(report, clientMs);
  if (sample === undefined) return drop('unreadable');
  if (attempts > 1) return drop('resent');
  const isAhead = clientMs < sample.totalMs || (report.idleMs ?? 0) > IDLE_MS;
  return isAhead ? drop('ahead') : { sample };
}

function complete(report: InvocationReport, clientMs: number): Sample | undefined {
  const { initMs, durationMs, billedMs, maxMemoryMb } = report;
  if (initMs === undefined || durationMs === undefined) return undefined;
  if (billedMs === undefined || maxMemoryMb === undefined) return undefined;
  const totalMs = initMs + durationMs;
  return { initMs, durationMs, totalMs, billedMs, maxMemoryMb, clientMs };
}
