import { type Runtime, randomId } from '../../src/core/runtime.ts';
import { type Document, documentFormat, documentIntent, newDocument } from '../../src/swap/document.ts';
import type { Swap } from '../../src/swap/swap.ts';
import { createSwap } from '../../src/swap/swapper.ts';
import { type Asked, ask, disagreements, simulateClients } from './asking-clients.ts';
import type { Simulation } from './run-seeds.ts';
import type { World } from './world.ts';

const KEY = 'documents/one';
const format = documentFormat('notes 1', body => body as readonly string[]);

type Request = Asked<'create' | 'add'>;

/** Processes race to create one document, and then add to it. */
export const documentSimulation: Simulation = {
  name: 'documents',
  run: seed => simulateClients(seed, { work, violations }),
};

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

function violations(world: World, requests: readonly Request[]): string[] {
  const landed = world.cloud.get(KEY);
  const document = landed === undefined ? undefined : format.decode(landed.bytes);
  const found = disagreements(requests, ({ kind, id }) =>
    kind === 'create' ? document?.stamp.uuid === id : document?.body.includes(id) === true,
  );
  if (new Set(document?.body).size !== (document?.body.length ?? 0)) found.push('an addition is there twice');
  const known = new Set(requests.map(({ id }) => id));
  if (document?.body.some(id => !known.has(id))) found.push('nobody asked for an addition that is there');
  return found;
}
