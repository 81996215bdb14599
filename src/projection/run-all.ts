import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Counts, ProjectionRun, RunnableProjection } from './runnable.ts';

/** What the run of one projection came to. `late`: it goes on with the next run. */
export type Ran =
  | { name: string; outcome: 'done'; counts: Counts }
  | { name: string; outcome: 'late' }
  | { name: string; outcome: 'failed'; error: unknown };

/**
 * Runs projections one after the other: they share the processor and the connection. What one fails with keeps no other from running.
 * Each has a fair share of the time that is left; those that had too little are run again with what the others have left over.
 */
export async function runAll(
  projections: readonly RunnableProjection[],
  run: ProjectionRun,
  runtime: Pick<Runtime, 'now'>,
): Promise<Ran[]> {
  const ran: Ran[] = [];
  const { endMs = run.deadlineMs } = run;
  for (const [index, projection] of projections.entries()) {
    const nowMs = runtime.now();
    const shareMs = (run.deadlineMs - nowMs) / (projections.length - index);
    ran.push(await runOne(projection, { ...run, deadlineMs: nowMs + shareMs, endMs }, runtime));
  }
  for (const [index, projection] of projections.entries()) {
    if (ran[index]?.outcome === 'late') ran[index] = await runOne(projection, run, runtime);
  }
  return ran;
}

async function runOne(
  projection: RunnableProjection,
  run: ProjectionRun,
  runtime: Pick<Runtime, 'now'>,
): Promise<Ran> {
  const { name } = projection;
  if (runtime.now() >= run.deadlineMs) return { name, outcome: 'late' };
  try {
    return { name, outcome: 'done', counts: await projection.run(run) };
  } catch (error) {
    if (isKittiwakeError(error, 'deadline_exceeded')) return { name, outcome: 'late' };
    return { name, outcome: 'failed', error };
  }
}
