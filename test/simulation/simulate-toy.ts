import type { Prng } from './prng.ts';
import { violations } from './toy-checks.ts';
import { type MakeSwap, type Records, ToyClient } from './toy-client.ts';
import { emptyToy, TOY_KEY, toyFormat } from './toy-ledger.ts';
import { type Climate, World } from './world.ts';

export interface ToyRun {
  seed: number;
  climate: Climate;
  /** What the run did not keep; empty when all is well. */
  violations: string[];
  /** How often callers were told what. */
  answers: Record<string, number>;
  /** Versions that landed. */
  landings: number;
  /** Swaps that landed and carried nothing: to rule out that another one lands. */
  fences: number;
  puts: number;
  events: number;
  simulatedMs: number;
}

interface Shape {
  processes: number;
  writers: number;
  writes: number;
  thinkMs: number;
}

/** Runs many writers in several processes over one toy ledger. The same seed gives the same run. */
export async function simulateToy(seed: number, climate: Climate, makeSwap?: MakeSwap): Promise<ToyRun> {
  const world = new World({ seed, climate });
  const records: Records = { operations: [], readings: [], swaps: [] };
  const stamp = { uuid: 'toy', seq: 1, nonce: 'first' };
  world.cloud.put(TOY_KEY, toyFormat.encode(emptyToy('toy'), stamp), { ifAbsent: true });
  const failures: string[] = [];
  const shape = shapeOf(world.prng);
  const start = (): void => startClient(world, records, shape, failures, makeSwap);
  for (let count = 0; count < shape.processes; count += 1) start();
  const startMs = world.scheduler.nowMs;
  await world.run(start);
  return {
    seed,
    climate,
    violations: [...failures, ...violations(world.cloud, records)],
    answers: count(records),
    ...landed(world),
    puts: records.swaps.reduce((sum, swap) => sum + swap.counters.puts, 0),
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

function shapeOf(prng: Prng): Shape {
  return {
    processes: prng.int(1, 4),
    writers: prng.int(1, 4),
    writes: prng.int(1, 6),
    thinkMs: prng.pick([0, 100, 2_000, 20_000]),
  };
}

function startClient(
  world: World,
  records: Records,
  { writers, writes, thinkMs }: Shape,
  failures: string[],
  makeSwap?: MakeSwap,
): void {
  const client = new ToyClient(world.spawn(), records, () => world.scheduler.nowMs, makeSwap);
  const work = [client.watch(writes, thinkMs)];
  for (let writer = 0; writer < writers; writer += 1) work.push(client.write(writes, thinkMs));
  for (const one of work) one.catch(error => failures.push(`a client failed: ${error}`));
}

function count({ operations }: Records): Record<string, number> {
  const answers: Record<string, number> = {};
  for (const { said = 'nothing' } of operations) answers[said] = (answers[said] ?? 0) + 1;
  return answers;
}

function landed(world: World): { landings: number; fences: number } {
  const versions = world.cloud.landings
    .filter(({ key }) => key === TOY_KEY)
    .map(({ bytes }) => toyFormat.decode(bytes));
  let fences = 0;
  for (const [at, version] of versions.entries()) {
    const before = versions[at - 1];
    if (before !== undefined && JSON.stringify(before.pages) === JSON.stringify(version.pages)) fences += 1;
  }
  return { landings: versions.length - 1, fences };
}
