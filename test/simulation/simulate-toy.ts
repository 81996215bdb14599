import type { Prng } from './prng.ts';
import type { Simulation, SimulationRun } from './run-seeds.ts';
import { violations } from './toy-checks.ts';
import { type MakeSwap, type Records, ToyClient } from './toy-client.ts';
import { emptyToy, TOY_KEY, toyFormat } from './toy-ledger.ts';
import { type Climate, type MakeStore, World } from './world.ts';

export interface ToyRun extends SimulationRun {
  /** Versions that landed. */
  landings: number;
  /** Swaps that landed and carried nothing: to rule out that another one lands. */
  fences: number;
  /** Swaps that asked for a turn. */
  marks: number;
  puts: number;
}

/** Three seeds in four are stormy. */
export const toySimulation: Simulation = {
  name: 'swap',
  run: seed => simulateToy(seed, seed % 4 === 0 ? 'calm' : 'stormy'),
};

export interface ToyOptions {
  /** Every caller waits as long as callers usually do. */
  patient?: boolean;
  makeStore?: MakeStore;
}

interface Shape {
  processes: number;
  writers: number;
  writes: number;
  thinkMs: number;
  patient: boolean;
}

/** Runs many writers in several processes over one toy ledger. The same seed gives the same run. */
export async function simulateToy(
  seed: number,
  climate: Climate,
  makeSwap?: MakeSwap,
  { patient = false, makeStore }: ToyOptions = {},
): Promise<ToyRun> {
  const world = new World({ seed, climate, makeStore });
  const records: Records = { operations: [], readings: [], swaps: [] };
  const stamp = { uuid: 'toy', seq: 1, nonce: 'first' };
  world.cloud.put(TOY_KEY, toyFormat.encode(emptyToy('toy'), stamp), { ifAbsent: true });
  const failures: string[] = [];
  const shape = { ...shapeOf(world.prng), patient };
  const clients: ToyClient[] = [];
  const start = (): void => {
    const client = new ToyClient(world, records, makeSwap);
    clients.push(client);
    work(client, shape, failures);
  };
  for (let count = 0; count < shape.processes; count += 1) start();
  const startMs = world.scheduler.nowMs;
  const afterwards = (): void => {
    for (const client of clients)
      client.writeOnce().catch(error => failures.push(`a client failed: ${error}`));
  };
  await world.run({ replace: start, afterwards }).catch(error => failures.push(String(error)));
  return {
    violations: [...failures, ...violations(world.cloud, records)],
    answers: count(records),
    ...landed(world),
    puts: records.swaps.reduce((sum, swap) => sum + swap.counters.puts, 0),
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

function shapeOf(prng: Prng): Omit<Shape, 'patient'> {
  return {
    processes: prng.pick([1, 2, 3, 4, 4, 8]),
    writers: prng.pick([1, 2, 4, 6]),
    writes: prng.pick([2, 4, 4, 6, 20]),
    thinkMs: prng.pick([0, 100, 2_000, 20_000]),
  };
}

function work(client: ToyClient, { writers, writes, thinkMs, patient }: Shape, failures: string[]): void {
  const all = [client.watch(writes, thinkMs)];
  for (let writer = 0; writer < writers; writer += 1) all.push(client.write(writes, thinkMs, patient));
  for (const one of all) one.catch(error => failures.push(`a client failed: ${error}`));
}

function count({ operations }: Records): Record<string, number> {
  const answers: Record<string, number> = {};
  for (const { said = 'nothing' } of operations) answers[said] = (answers[said] ?? 0) + 1;
  return answers;
}

function landed(world: World): Pick<ToyRun, 'landings' | 'fences' | 'marks'> {
  const versions = world.cloud.landings
    .filter(({ key }) => key === TOY_KEY)
    .map(({ bytes }) => toyFormat.decode(bytes));
  let fences = 0;
  let marks = 0;
  for (const [at, version] of versions.entries()) {
    const before = versions[at - 1];
    if (before === undefined || JSON.stringify(before.pages) !== JSON.stringify(version.pages)) continue;
    if (version.stamp.turn === undefined) fences += 1;
    else marks += 1;
  }
  return { landings: versions.length - 1, fences, marks };
}
