import { isKittiwakeError } from '../../src/core/errors.ts';
import { randomId } from '../../src/core/runtime.ts';
import { ledgerFormat, ledgerKey } from '../../src/git/ledger/ledger.ts';
import { createLedger, type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { draftOf } from '../support/repository.ts';
import type { Simulation, SimulationRun } from './run-seeds.ts';
import { World } from './world.ts';

const UUID = 'b'.repeat(32);
const FLUSH = { minBytes: 1_000, minSwaps: 3, maxBytes: 4_000 };

/** A change of the policy, or a commit; what its caller was told. */
interface Request {
  kind: 'policy' | 'commit';
  id: string;
  said?: string;
  process: { readonly alive: boolean };
}

/** Processes change the policy of a wiki while others, and they themselves, commit and flush. */
export const policySimulation: Simulation = { name: 'policy', run: simulatePolicy };

async function simulatePolicy(seed: number): Promise<SimulationRun> {
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
  await createLedger({ store, uuid: UUID, runtime }).catch(ignoreKnown);
  const repository = openRepository({ store, uuid: UUID, runtime, flush: FLUSH });
  await Promise.all(
    Array.from({ length: prng.int(1, 3) }, async () => {
      for (let count = prng.int(1, 5); count > 0; count -= 1) {
        await runtime.sleep(prng.between(0, 3_000));
        const kind = prng.pick(['policy', 'policy', 'commit'] as const);
        const id = randomId(runtime);
        await ask({ kind, id, process }, requests, () => send(repository, kind, id));
      }
    }),
  );
}

function send(repository: LedgerRepository, kind: Request['kind'], id: string): Promise<unknown> {
  if (kind === 'policy')
    return repository.changePolicy(current => ({ policy: [...listOf(current), id], result: null }));
  return repository.commit({
    plan: async () => ({ kind: 'commit', draft: draftOf({ 'a.md': id }, id), result: () => null }),
  });
}

async function ask(request: Request, requests: Request[], call: () => Promise<unknown>): Promise<void> {
  requests.push(request);
  try {
    await call();
    request.said = 'applied';
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    request.said = error.code;
  }
}

function ignoreKnown(error: unknown): void {
  if (!isKittiwakeError(error)) throw error;
}

function listOf(policy: unknown): readonly string[] {
  return (policy ?? []) as readonly string[];
}

function violations(world: World, requests: readonly Request[]): string[] {
  const found: string[] = [];
  const landed = world.cloud.get(ledgerKey(UUID));
  const policy = landed === undefined ? [] : listOf(ledgerFormat.decode(landed.bytes).policy?.value);
  for (const { kind, id, said, process } of requests) {
    if (said === undefined && process.alive) found.push(`${kind} ${id} was never answered`);
    if (kind === 'commit') continue;
    const isThere = policy.includes(id);
    if (said === 'applied' && !isThere) found.push(`${id} was acknowledged and is not there`);
    if (said !== undefined && !['applied', 'outcome_unknown'].includes(said) && isThere)
      found.push(`${id} was told "${said}" and is there`);
  }
  if (new Set(policy).size !== policy.length) found.push('a change is there twice');
  return found;
}
