import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import { createUpkeep, type Upkeep } from '../lazy/upkeep.ts';
import { createRunner } from '../projection/runner.ts';

export interface BackgroundOptions {
  runtime: Runtime;
  log: Logger;
  /** How often packs are merged while the wiki is written to. Default 30 s. */
  mergeEveryMs?: number;
  /** How many packs are merged without waiting for that. Default 12. */
  mergePacks?: number;
  /** How often files that nobody lists any more are looked for. Default one minute. */
  collectEveryMs?: number;
  /** Default: as {@link CollectOptions}, but one minute for readers, who ask for the ledger at every request here. */
  collect?: Parameters<Upkeep['collect']>[0];
}

/**
 * What a server that stays up does beside answering: the search index follows the commits, small packs are merged, files
 * that no ledger lists are deleted. Nothing of it is needed for an answer to be right; failures are logged and tried again.
 */
export function startBackground(service: Service, options: BackgroundOptions): { stop(): Promise<void> } {
  const { runtime, log, mergeEveryMs = 30_000, mergePacks = 12, collectEveryMs = 60_000 } = options;
  const { collect = { readerGraceMs: 60_000 } } = options;
  const runner = createRunner({
    projections: [{ name: 'search', open: async () => (await service.search()).projection }],
    view: async () => (await service.repository()).view(),
    runtime,
    onError: (projection, error) => log.failure('projection_failed', error, { projection }),
  });
  const stopping = new AbortController();
  const upkeep = createUpkeep(service.repository);
  let commits = 0;
  let underWay: Promise<unknown> | undefined;
  const unsubscribe = service.onCommit(() => {
    commits += 1;
    runner.wake();
    const packs = service.repository.peek()?.swap.held()?.value.packs.length ?? 0;
    if (packs >= mergePacks) void merge().catch(failed('merge'));
  });

  const failed = (work: string) => (error: unknown) => log.failure('upkeep_failed', error, { work });

  /** One merge at a time; who asks during one shares it. */
  function merge(): Promise<unknown> {
    commits = 0;
    underWay ??= upkeep.merge().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  async function every(periodMs: number, name: string, work: () => Promise<unknown>): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      await wait(periodMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await work().catch(failed(name));
    }
  }

  const merging = every(mergeEveryMs, 'merge', async () => {
    if (commits > 0) await merge();
  });
  const collecting = every(collectEveryMs, 'collect', () => upkeep.collect(collect));
  return {
    async stop() {
      unsubscribe();
      stopping.abort();
      await Promise.all([merging, collecting, runner.settled(), underWay?.catch(() => undefined)]);
    },
  };
}
