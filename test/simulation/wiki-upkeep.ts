import { isKittiwakeError } from '../../src/core/errors.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { storePack } from '../../src/git/upkeep/adopt.ts';
import type { ClientOptions, WikiClient } from './wiki-client.ts';

type Task = 'flush' | 'merge' | 'collect' | 'prune' | 'litter';

const TASKS: readonly Task[] = ['flush', 'flush', 'merge', 'merge', 'collect', 'collect', 'prune', 'litter'];

/** Does upkeep now and then until `untilMs`, in the process of `client`. */
export async function keepUp(client: WikiClient, options: ClientOptions, untilMs: number): Promise<void> {
  const { process } = client;
  const { prng, runtime } = process;
  for (let count = 0; count < 40 && process.nowMs < untilMs; count += 1) {
    await runtime.sleep(prng.between(0, 2 * options.shape.upkeepEveryMs));
    await attempt(prng.pick(TASKS), client, options);
  }
}

/** Each task once, all being well. */
export async function keepUpOnce(client: WikiClient, options: ClientOptions): Promise<void> {
  for (const task of ['flush', 'merge', 'collect', 'prune'] as const) await attempt(task, client, options);
}

async function attempt(
  task: Task,
  { repository, process }: WikiClient,
  options: ClientOptions,
): Promise<void> {
  const { records } = options;
  const askedMs = process.nowMs;
  try {
    const done = await carryOut(task, repository, options);
    if (done) records.upkeep[task] = (records.upkeep[task] ?? 0) + 1;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    const { code, message } = error;
    records.failures.push({
      what: 'upkeep',
      code,
      message: `${task}: ${message}`,
      tookMs: process.nowMs - askedMs,
    });
  }
}

async function carryOut(
  task: Task,
  repository: LedgerRepository,
  { subject, shape }: ClientOptions,
): Promise<boolean> {
  switch (task) {
    case 'flush':
      return repository.flusher.flush();
    case 'merge':
      return (await subject.mergeNewest(repository, { minPacks: 2 })) !== undefined;
    case 'collect':
      return (await subject.collectGarbage(repository, shape)).deleted.length > 0;
    case 'prune':
      return (await subject.pruneUnreachable(repository)).replaced.length > 0;
    case 'litter':
      return litter(repository);
  }
}

/** Lists a pack that holds an object which nothing reaches, as an abandoned push leaves it. */
async function litter(repository: LedgerRepository): Promise<boolean> {
  const { collections } = await repository.ledger(0);
  const writer = new PackWriter();
  const bytes = repository.runtime.randomBytes(40);
  writer.add('blob', hashObject('blob', bytes), bytes);
  const ref = await storePack(repository, { ...writer.finish(), objects: 1 });
  return repository.amend<boolean>({
    apply: async current => {
      const condemned = current.condemned.some(({ name }) => name === ref.name);
      const listed = current.packs.some(({ name }) => name === ref.name);
      if (condemned || listed || current.collections !== collections) return { kind: 'keep', result: false };
      return { kind: 'change', value: { ...current, packs: [ref, ...current.packs] }, result: true };
    },
    settle: async current => (current.packs.some(({ name }) => name === ref.name) ? true : undefined),
  });
}
