import { setTimeout as wait } from 'node:timers/promises';
import type { Service } from '../lazy/app.ts';
import type { NamedWiki } from '../lazy/tenants.ts';
import { type Background, type BackgroundOptions, startBackground } from './background.ts';

export interface BackgroundWikisOptions extends BackgroundOptions {
  /** Of how many wikis the work goes on at once. */
  maxWikis: number;
  /** How long after its last commit the work of a wiki ends. Default 10 minutes. */
  idleMs?: number;
  /** How often deleted wikis whose grace is over are looked for. Default one hour. */
  sweepEveryMs?: number;
}

/** {@link Background} for many wikis. */
export interface BackgroundWikis {
  /** To be called after a commit of a wiki, whoever made it. Returns at once. */
  wake(tenant: NamedWiki): void;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

interface Running {
  background: Background;
  release(): void;
  wokenMs: number;
}

/**
 * The work beside the answers, for those wikis that are written to: it begins with a commit, and ends some time after the last one.
 * Deleted wikis are removed when their grace is over. What processes that ended before have left of changes of users and of old drafts
 * is completed once in all wikis, some time after the start.
 */
export async function startBackgroundWikis(
  service: Pick<Service, 'wikis' | 'tenants'>,
  options: BackgroundWikisOptions,
): Promise<BackgroundWikis> {
  const { runtime, log, maxWikis, idleMs = 600_000, sweepEveryMs = 3_600_000 } = options;
  const { ownersEveryMs = 600_000 } = options;
  const wikis = await service.wikis();
  /** Those that were woken longest ago come first. */
  const running = new Map<string, Running>();
  const ending = new Set<Promise<void>>();
  const stopping = new AbortController();
  const failed = (work: string) => (error: unknown) => log.failure('upkeep_failed', error, { work });

  function end(uuid: string, { background, release }: Running): void {
    running.delete(uuid);
    const ended = background.stop().then(release, failed('stop'));
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  function begin(tenant: NamedWiki): Running {
    const { handles, release } = wikis.lease(tenant);
    return { background: startBackground(handles.handles, options), release, wokenMs: 0 };
  }

  function endIdle(): void {
    const sinceMs = runtime.now() - idleMs;
    for (const [uuid, each] of running) {
      if (running.size > maxWikis || each.wokenMs < sinceMs) end(uuid, each);
      else return;
    }
  }

  async function every(periodMs: number, work: () => Promise<void> | void): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      await wait(periodMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await work();
    }
  }

  async function sweep(): Promise<void> {
    try {
      for await (const swept of (await service.tenants())('upkeep').sweep())
        log.info('tenant_swept', { ...swept });
    } catch (error) {
      failed('sweep')(error);
    }
  }

  async function completeAll(): Promise<void> {
    await wait(ownersEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    if (stopping.signal.aborted) return;
    for await (const { name, uuid, state } of (await service.tenants())('upkeep').all()) {
      if (stopping.signal.aborted) return;
      if (state === 'active' || state === 'suspended') await complete({ name, uuid });
    }
  }

  async function complete(tenant: NamedWiki): Promise<void> {
    const { handles, release } = wikis.lease(tenant);
    try {
      await (await handles.handles.users()).finish();
      await handles.handles.drafts.sweep();
    } catch (error) {
      failed('owners')(error);
    } finally {
      release();
    }
  }

  const loops = [
    every(Math.min(idleMs, 60_000), endIdle),
    every(sweepEveryMs, sweep),
    completeAll().catch(failed('owners')),
  ];
  return {
    wake(tenant) {
      if (stopping.signal.aborted) return;
      const known = running.get(tenant.uuid) ?? begin(tenant);
      known.wokenMs = runtime.now();
      running.delete(tenant.uuid);
      running.set(tenant.uuid, known);
      known.background.wake();
      endIdle();
    },
    async stop() {
      stopping.abort();
      for (const [uuid, each] of running) end(uuid, each);
      await Promise.all([...loops, ...ending]);
    },
  };
}
