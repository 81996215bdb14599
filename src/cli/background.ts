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
  /** How often files that nobody lists any more are looked for. Default one hour. */
  collectEveryMs?: number;
  collect?: Parameters<Upkeep['collect']>[0];
}

/**
 * What a server that stays up does beside answering: the search index follows the commits, small packs are merged, files
 * that no ledger lists are deleted. Nothing of it is needed for an answer to be right; failures are logged and tried again.
 */
export function startBackground(service: Service, options: BackgroundOptions): { stop(): Promise<void> } {
  const { runtime, log, mergeEveryMs = 30_000, collectEveryMs = 3_600_000, collect = {} } = options;
  const runner = createRunner({
    projections: [{ name: 'search', open: async () => (await service.search()).projection }],
    view: async () => (await service.repository()).view(),
    runtime,
    onError: (projection, error) => log.failure('projection_failed', error, { projection }),
  });
  const stopping = new AbortController();
  const upkeep = createUpkeep(service.repository);
  let commits = 0;
  const unsubscribe = service.onCommit(() => {
    commits += 1;
    runner.wake();
  });

  async function every(periodMs: number, name: string, work: () => Promise<unknown>): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      await wait(periodMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await work().catch(error => log.failure('upkeep_failed', error, { work: name }));
    }
  }

  const merging = every(mergeEveryMs, 'merge', async () => {
    if (commits === 0) return;
    commits = 0;
    await upkeep.merge();
  });
  const collecting = every(collectEveryMs, 'collect', () => upkeep.collect(collect));
  return {
    async stop() {
      unsubscribe();
      stopping.abort();
      await Promise.all([merging, collecting, runner.settled()]);
    },
  };
}
