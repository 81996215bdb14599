import { isKittiwakeError } from '../../src/core/errors.ts';
import type { SimulationRun } from './run-seeds.ts';
import { World } from './world.ts';

/** What one caller asked for, under an id of its own, and was told. */
export interface Asked<K extends string> {
  kind: K;
  id: string;
  said?: string;
  process: { readonly alive: boolean };
}

export interface AskingClients<K extends string> {
  /** What one process does; it notes what it asks. */
  work(world: World, requests: Asked<K>[]): Promise<void>;
  violations(world: World, requests: readonly Asked<K>[]): string[];
}

/** Up to four processes work at once; each that dies is replaced. */
export async function simulateClients<K extends string>(
  seed: number,
  { work, violations }: AskingClients<K>,
): Promise<SimulationRun> {
  const world = new World({ seed, climate: seed % 4 === 0 ? 'calm' : 'stormy' });
  const requests: Asked<K>[] = [];
  const failures: string[] = [];
  const start = (): void => {
    work(world, requests).catch(error => failures.push(`a client failed: ${error}`));
  };
  for (let count = world.prng.int(1, 4); count > 0; count -= 1) start();
  const startMs = world.scheduler.nowMs;
  await world.run({ replace: start, afterwards: () => {} }).catch(error => failures.push(String(error)));
  const answers: Record<string, number> = {};
  for (const { said = 'nothing' } of requests) answers[said] = (answers[said] ?? 0) + 1;
  return {
    violations: [...failures, ...violations(world, requests)],
    answers,
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

export async function ask<K extends string>(
  request: Asked<K>,
  requests: Asked<K>[],
  call: () => Promise<unknown>,
): Promise<void> {
  requests.push(request);
  try {
    await call();
    request.said = 'applied';
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    request.said = error.code;
  }
}

/** Of each request whether what is there is what it was told. */
export function disagreements<K extends string>(
  requests: readonly Asked<K>[],
  isThere: (request: Asked<K>) => boolean,
): string[] {
  return requests.flatMap(request => {
    const { kind, id, said, process } = request;
    if (said === undefined) return process.alive ? [`${kind} ${id} was never answered`] : [];
    const there = isThere(request);
    if (said === 'applied' && !there) return [`${kind} ${id} was acknowledged and is not there`];
    const isRefused = !['applied', 'outcome_unknown'].includes(said);
    return isRefused && there ? [`${kind} ${id} was told "${said}" and is there`] : [];
  });
}
