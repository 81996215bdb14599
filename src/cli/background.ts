import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import { createUpkeep, type Upkeep } from '../lazy/upkeep.ts';
import { createRunner } from '../projection/runner.ts';
import { sweepProjections } from './sweep-projections.ts';

export interface BackgroundOptions {
  runtime: Runtime;
  log: Logger;
  /** How often it is asked whether there are new packs to merge. Default 30 s. */
  mergeEveryMs?: number;
  /** How many packs are merged without waiting for that. Default 12. */
  mergePacks?: number;
  /** How often files that nobody lists any more are looked for. Default one minute. */
  collectEveryMs?: number;
  /** How often it is asked whether tokens were left that do not know of a change of their owner. Default 10 minutes. */
  ownersEveryMs?: number;
  /**
   * How often projections are run without a commit of this process: for those of others, and for what is to be tried again. Default
   * 10 seconds.
   */
  retryEveryMs?: number;
  /** Default: as {@link CollectOptions}. */
  collect?: Parameters<Upkeep['collect']>[0];
}

/** How often drafts are looked for that nobody has saved for long. */
const DRAFTS_EVERY_MS = 3_600_000;

/** How often is swept what projections do not need any more. */
const SWEEP_EVERY_MS = 3_600_000;

/** The work that goes on beside the answers. */
export interface Background {
  /** To be called after commits, whoever made them. Returns at once. */
  wake(): void;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

/**
 * What a server that stays up does beside answering: search index, site and messages follow the commits, small packs are merged, files
 * that no ledger lists are deleted, tokens learn of changes of their owners that a process which ended left untold. Nothing of it is needed for an answer to be right; failures are logged and tried again.
 */
export function startBackground(
  service: Pick<Service, 'repository' | 'projections' | 'users' | 'drafts'>,
  options: BackgroundOptions,
): Background {
  const { runtime, log, mergeEveryMs = 30_000, mergePacks = 12 } = options;
  const { collectEveryMs = 60_000, ownersEveryMs = 600_000, retryEveryMs = 10_000, collect = {} } = options;
  const newest = async () => (await service.repository()).view({ maxAgeMs: 0 });
  const runner = createRunner({
    projections: async () => (await service.projections()).list,
    newest,
    runtime,
    onError: (projection, error) => log.failure('projection_failed', error, { projection }),
  });
  const stopping = new AbortController();
  const failed = (work: string) => (error: unknown) => log.failure('upkeep_failed', error, { work });
  const upkeep = createUpkeep(service.repository);
  const inTurn = createTurns();
  const held = () => service.repository.peek()?.swap.held()?.value;
  const merging = createMerging(held, () => inTurn(upkeep.merge));

  async function every(periodMs: number, name: string, work: () => Promise<unknown>): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      await wait(periodMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await work().catch(failed(name));
    }
  }

  const loops = [
    every(retryEveryMs, 'projections', async () => runner.wake()),
    every(SWEEP_EVERY_MS, 'sweep', () => sweepProjections(service, runtime, failed)),
    every(mergeEveryMs, 'merge', merging.run),
    every(collectEveryMs, 'collect', () => inTurn(() => upkeep.collect(collect))),
    every(ownersEveryMs, 'owners', async () => (await service.users()).finish()),
    every(DRAFTS_EVERY_MS, 'drafts', service.drafts.sweep),
  ];
  return {
    wake() {
      runner.wake();
      if (merging.packs() >= mergePacks) void merging.run().catch(failed('merge'));
    },
    async stop() {
      stopping.abort();
      await Promise.all([...loops, runner.stop(), merging.settled()]);
    },
  };
}

/** What a ledger lists, as far as merging depends on it. */
interface Listed {
  packs: readonly { name: string }[];
  collections: number;
}

/** One work at a time: a collection that begins during a merge makes it vain. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * Merges when the packs of the ledger that is held are others than those in which nothing was worth merging. Who commits
 * tells nothing: packs come with flushes, also those of other processes, and also while a merge is under way. A collection
 * of another process may have overtaken a merge, so what was collected counts as well.
 */
function createMerging(held: () => Listed | undefined, mergeOnce: () => Promise<number>) {
  const state = () => {
    const { packs = [], collections = 0 } = held() ?? {};
    return `${collections} ${packs.map(pack => pack.name).join()}`;
  };
  let idle = '0 ';
  let underWay: Promise<void> | undefined;

  async function merge(): Promise<void> {
    const before = state();
    if (before === idle) return;
    if ((await mergeOnce()) === 0) idle = before;
  }

  return {
    packs: () => held()?.packs.length ?? 0,
    /** One merge at a time; who asks during one shares it. */
    run(): Promise<void> {
      underWay ??= merge().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    settled: async () => underWay?.catch(() => undefined),
  };
}
