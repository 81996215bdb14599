import { isKittiwakeError } from '../../src/core/errors.ts';
import { randomId } from '../../src/core/runtime.ts';
import { ledgerFormat, ledgerKey } from '../../src/git/ledger/ledger.ts';
// What is loaded on use takes no virtual time, and would be waited for in vain.
import '../../src/git/policy/policy-intent.ts';
import { createLedger, type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { draftOf } from '../support/repository.ts';
import { type Asked, ask, disagreements, simulateClients } from './asking-clients.ts';
import type { Simulation } from './run-seeds.ts';
import type { World } from './world.ts';

const UUID = 'b'.repeat(32);
const FLUSH = { minBytes: 1_000, minSwaps: 3, maxBytes: 4_000 };

/** A change of the policy, or a commit. */
type Request = Asked<'policy' | 'commit'>;

/** Processes change the policy of a wiki while others, and they themselves, commit and flush. */
export const policySimulation: Simulation = {
  name: 'policy',
  run: seed => simulateClients(seed, { work, violations }),
};

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

function ignoreKnown(error: unknown): void {
  if (!isKittiwakeError(error)) throw error;
}

function listOf(policy: unknown): readonly string[] {
  return (policy ?? []) as readonly string[];
}

function violations(world: World, requests: readonly Request[]): string[] {
  const landed = world.cloud.get(ledgerKey(UUID));
  const policy = landed === undefined ? [] : listOf(ledgerFormat.decode(landed.bytes).policy?.value);
  const found = disagreements(requests, ({ kind, id, said }) =>
    kind === 'commit' ? said === 'applied' : policy.includes(id),
  );
  if (new Set(policy).size !== policy.length) found.push('a change is there twice');
  return found;
}
