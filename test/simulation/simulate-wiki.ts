import { createLedger } from '../../src/git/open.ts';
import { directStore } from './direct-store.ts';
import { Prng } from './prng.ts';
import type { Simulation, SimulationRun } from './run-seeds.ts';
import { checkRun } from './wiki-checks.ts';
import { type ClientOptions, WikiClient } from './wiki-client.ts';
import { inspect } from './wiki-inspection.ts';
import { readOn } from './wiki-reader.ts';
import { shapeOf, type WikiRecords, type WikiShape } from './wiki-records.ts';
import { realSubject, type Subject } from './wiki-subject.ts';
import { keepUp, keepUpOnce } from './wiki-upkeep.ts';
import { type MakeStore, World } from './world.ts';

const UUID = 'simulated';
/** Stores give up like the transport of a real one. */
const GIVE_UP_MS = 10_000;
const MAX_EVENTS = 1_000_000;

/** Writers, readers, flushes, merges and collections of several processes on one wiki. Three seeds in four are stormy. */
export const wikiSimulation: Simulation = { name: 'wiki', run: seed => simulateWiki(seed) };

export interface WikiRunOptions {
  subject?: Subject;
  /** Overrides what the seed says. */
  shape?: Partial<WikiShape>;
  makeStore?: MakeStore;
  /** Looks at what the run left. */
  afterwards?: (world: World) => Promise<void>;
}

/** The same seed gives the same run. */
export async function simulateWiki(
  seed: number,
  { subject = realSubject, shape: fixed = {}, makeStore, afterwards: look }: WikiRunOptions = {},
): Promise<SimulationRun> {
  const climate = seed % 4 === 0 ? 'calm' : 'stormy';
  const shape = { ...shapeOf(new Prng(seed).fork()), ...fixed };
  const world = new World({
    seed,
    climate,
    troubleMs: shape.horizonMs,
    maxEvents: MAX_EVENTS,
    giveUpMs: GIVE_UP_MS,
    makeStore,
  });
  const records: WikiRecords = { requests: [], readings: [], sightings: [], failures: [], upkeep: {} };
  const found: string[] = [];
  const options: ClientOptions = { world, uuid: UUID, records, shape, subject };
  const startMs = world.scheduler.nowMs;
  const watched = (work: Promise<unknown>): void => {
    work.catch(error => found.push(`a client failed: ${error instanceof Error ? error.stack : error}`));
  };
  const start = (): void => startClient(options, startMs + shape.horizonMs, watched);
  await createLedger({ store: directStore(world.cloud), uuid: UUID, runtime: world.spawn().process.runtime });
  for (let count = 0; count < shape.clients; count += 1) start();
  const afterwards = (): void => watched(finish(options));
  await world.run({ replace: start, afterwards }).catch(error => found.push(String(error)));
  const history = checkRun(world, UUID, records, shape, found);
  found.push(...(await inspect(world, UUID, history, subject)));
  await look?.(world);
  return {
    violations: found,
    answers: count(records),
    events: world.scheduler.events,
    simulatedMs: world.scheduler.nowMs - startMs,
  };
}

function startClient(
  options: ClientOptions,
  untilMs: number,
  watched: (work: Promise<unknown>) => void,
): void {
  const { shape } = options;
  const client = new WikiClient(options);
  const { prng } = client.process;
  for (let writer = 0; writer < shape.writers; writer += 1)
    watched(client.write(shape.writes, shape.thinkMs));
  if (prng.chance(0.7)) watched(readOn(client, options, untilMs));
  if (prng.chance(0.6)) watched(keepUp(client, options, untilMs));
}

async function finish(options: ClientOptions): Promise<void> {
  const client = new WikiClient(options);
  await client.finish();
  await keepUpOnce(client, options);
}

function count({ requests, failures, upkeep, readings }: WikiRecords): Record<string, number> {
  const answers: Record<string, number> = { readings: readings.length, ...upkeep };
  const add = (what: string) => {
    answers[what] = (answers[what] ?? 0) + 1;
  };
  for (const { tries } of requests)
    for (const { said = 'nothing', replayed } of tries) add(replayed === true ? 'replayed' : said);
  for (const { what, code } of failures) add(`${what}: ${code}`);
  return answers;
}
