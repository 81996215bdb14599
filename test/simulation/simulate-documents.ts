import { isKittiwakeError } from '../../src/core/errors.ts';
import { type Runtime, randomId } from '../../src/core/runtime.ts';
import { type Document, documentFormat, documentIntent, newDocument } from '../../src/swap/document.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import type { Simulation, SimulationRun } from './run-seeds.ts';
import { World } from './world.ts';

const KEY = 'documents/one';
const format = documentFormat('notes 1', body => body as readonly string[]);

/** What one caller asked for, under an id of its own, and was told. */
interface Request {
  kind: 'create' | 'add';
  id: string;
  said?: string;
  process: { readonly alive: boolean };
}

/** Processes race to create one document, and then add to it. */
export const documentSimulation: Simulation = { name: 'documents', run: simulateDocuments };

async function simulateDocuments(seed: number): Promise<SimulationRun> {
  const world = new World({ seed, climate: seed % 4 === 0 ? 'calm' : 'stormy' });
  const requests: Request[] = [];
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

async function work(world: World, requests: Request[]): Promise<void> {
  const { process, store } = world.spawn();
  const { runtime, prng } = process;
  const swap = createSwap({ store, key: KEY, format, runtime });
  const first = newDocument<readonly string[]>(runtime, []);
  await ask({ kind: 'create', id: first.stamp.uuid, process }, requests, () => swap.create(first));
  await Promise.all(
    Array.from({ length: prng.int(1, 3) }, async () => {
      for (let count = prng.int(1, 5); count > 0; count -= 1) {
        await runtime.sleep(prng.between(0, 3_000));
        const id = randomId(runtime);
        await ask({ kind: 'add', id, process }, requests, () => add(swap, runtime, id));
      }
    }),
  );
}

function add(swap: Swap<Document<readonly string[]>>, runtime: Runtime, id: string): Promise<number> {
  return swap.submit(documentIntent(runtime, body => ({ body: [...body, id], result: body.length })));
}

async function ask(request: Request, requests: Request[], send: () => Promise<unknown>): Promise<void> {
  requests.push(request);
  try {
    await send();
    request.said = 'applied';
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    request.said = error.code;
  }
}

function violations(world: World, requests: readonly Request[]): string[] {
  const found: string[] = [];
  const landed = world.cloud.get(KEY);
  const document = landed === undefined ? undefined : format.decode(landed.bytes);
  for (const { kind, id, said, process } of requests) {
    const there = kind === 'create' ? document?.stamp.uuid === id : document?.body.includes(id) === true;
    if (said === undefined && process.alive) found.push(`${kind} ${id} was never answered`);
    if (said === 'applied' && !there) found.push(`${kind} ${id} was acknowledged and is not there`);
    if (said !== undefined && !['applied', 'outcome_unknown'].includes(said) && there) {
      found.push(`${kind} ${id} was told "${said}" and is there`);
    }
  }
  if (new Set(document?.body).size !== (document?.body.length ?? 0)) found.push('an addition is there twice');
  const known = new Set(requests.map(({ id }) => id));
  if (document?.body.some(id => !known.has(id))) found.push('nobody asked for an addition that is there');
  return found;
}
