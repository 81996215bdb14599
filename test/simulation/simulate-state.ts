import type { Simulation, SimulationRun } from './run-seeds.ts';
import { stateViolations } from './state-checks.ts';
import { type MakeState, StateClient, type StateRecords } from './state-client.ts';
import { World } from './world.ts';

/** Processes race to make a state in the store, migrate it, and run transactions on it. Three seeds in four are stormy. */
export const stateSimulation: Simulation = { name: 'state', run: seed => simulateState(seed) };

export async function simulateState(seed: number, make?: MakeState): Promise<SimulationRun> {
  const world = new World({ seed, climate: seed % 4 === 0 ? 'calm' : 'stormy' });
  const records: StateRecords = { requests: [], readings: [] };
  const failures: string[] = [];
  const { prng } = world;
  const shape = {
    processes: prng.int(1, 5),
    callers: prng.int(1, 3),
    requests: prng.int(1, 5),
    thinkMs: prng.pick([0, 100, 2_000, 20_000]),
  };
  const failed = (error: unknown) => failures.push(`a client failed: ${error}`);
  const clients: StateClient[] = [];
  const start = (): void => {
    const client = new StateClient(world, records, make);
    clients.push(client);
    for (let caller = 0; caller < shape.callers; caller += 1) {
      client.work(shape.requests, shape.thinkMs).catch(failed);
    }
  };
  for (let count = 0; count < shape.processes; count += 1) start();
  const startMs = world.scheduler.nowMs;
  const afterwards = (): void => {
    for (const client of clients) client.ask('raise', true).catch(failed);
  };
  await world.run({ replace: start, afterwards }).catch(error => failures.push(String(error)));
  return {
    violations: [...failures, ...stateViolations(world.cloud, records)],
    answers: count(records),
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

function count({ requests }: StateRecords): Record<string, number> {
  const answers: Record<string, number> = {};
  for (const { said = 'nothing' } of requests) answers[said] = (answers[said] ?? 0) + 1;
  return answers;
}
