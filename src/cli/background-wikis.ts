import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/log.ts';
import type { Service } from '../lazy/app.ts';
import type { NamedWiki } from '../lazy/tenants.ts';
import type { BackgroundOptions } from './background.ts';
import { completeWikis } from './complete-wikis.ts';
import { WokenWikis } from './woken-wikis.ts';

export interface BackgroundWikisOptions extends BackgroundOptions {
  /** Of how many wikis the work goes on at once. */
  maxWikis: number;
  /** How long after its last commit the work of a wiki ends. Default 10 minutes. */
  idleMs?: number;
  /** How often deleted wikis whose grace is over are looked for. Default one hour. */
  sweepEveryMs?: number;
  /** How often all wikis are completed, after the first time. Default one hour. */
  completeEveryMs?: number;
}

/** {@link Background} for many wikis. */
export interface BackgroundWikis {
  /** To be called after a commit of a wiki, whoever made it. Returns at once. */
  wake(tenant: NamedWiki): void;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

type ManyWikisService = Pick<Service, 'wikis' | 'tenants'>;
type Failed = (work: string) => (error: unknown) => void;

/**
 * The work beside the answers, for those wikis that are written to: it begins with a commit, and ends some time after the last one.
 * Deleted wikis are removed when their grace is over. Some time after the start, and now and then from then on, all wikis are completed:
 * what waits in one that nobody writes to is tried again.
 */
export async function startBackgroundWikis(
  service: ManyWikisService,
  options: BackgroundWikisOptions,
): Promise<BackgroundWikis> {
  const { log, idleMs = 600_000, sweepEveryMs = 3_600_000, ownersEveryMs = 600_000 } = options;
  const { runtime, completeEveryMs = 3_600_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const failed: Failed = work => error => log.failure('upkeep_failed', error, { work });
  const woken = new WokenWikis(await service.wikis(), { ...options, idleMs, onError: failed('stop') });
  const sweep = () => sweepWikis(service, log).catch(failed('sweep'));
  const loops = [
    every(Math.min(idleMs, 60_000), signal, () => woken.endIdle()),
    every(sweepEveryMs, signal, sweep),
    completing(),
  ];

  async function completing(): Promise<void> {
    for (let waitMs = ownersEveryMs; await hasPassed(waitMs, signal); waitMs = completeEveryMs)
      await completeWikis(service, { runtime, signal, failed }).catch(failed('complete'));
  }

  return {
    wake(tenant) {
      if (!signal.aborted) woken.wake(tenant);
    },
    async stop() {
      stopping.abort();
      await Promise.all([...loops, woken.stop()]);
    },
  };
}

async function every(periodMs: number, signal: AbortSignal, work: () => Promise<void> | void): Promise<void> {
  while (await hasPassed(periodMs, signal)) await work();
}

/** False when it was ended before. */
async function hasPassed(periodMs: number, signal: AbortSignal): Promise<boolean> {
  await wait(periodMs, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}

async function sweepWikis({ tenants }: ManyWikisService, log: Logger): Promise<void> {
  for await (const swept of (await tenants())('upkeep').sweep()) log.info('tenant_swept', { ...swept });
}
