import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Job } from '../import/job/job.ts';
import { openJobs } from '../import/job/jobs.ts';
import type { Service } from '../lazy/app.ts';

type ByteStore = Awaited<ReturnType<Service['store']>>;

const PREFIX = 'jobs/';

/** The uuids of all wikis that have imports, also such that have ended. */
export async function wikisWithImports(store: ByteStore): Promise<string[]> {
  const uuids: string[] = [];
  for (let after: string | undefined; ; ) {
    const { objects } = await store.list(PREFIX, { limit: 1, ...(after === undefined ? {} : { after }) });
    const uuid = objects[0]?.key.slice(PREFIX.length).split('/')[0];
    if (uuid === undefined) return uuids;
    uuids.push(uuid);
    // Behind all of its jobs.
    after = `${PREFIX}${uuid}0`;
  }
}

/** Imports of a wiki that this server can work on: those of a file of another machine's command line are left to that. */
export async function runnableImports(store: ByteStore, uuid: string, runtime: Runtime): Promise<Job[]> {
  const unfinished = await openJobs({ store, uuid, runtime }).unfinished();
  return unfinished.filter(({ state, source }) => state !== 'awaiting_upload' && source.kind !== 'local');
}

export interface WatchOptions {
  runtime: Runtime;
  log: Logger;
  /** There is an import to work on; called at every look that finds one. */
  found(): void;
  /** How often it is looked without being asked. Default 10 s. */
  everyMs?: number;
}

/** Looks for imports to work on: at once, when it is asked, and now and then. */
export function watchImports(
  { store }: Pick<Service, 'store'>,
  { runtime, log, found, everyMs = 10_000 }: WatchOptions,
) {
  const stopping = new AbortController();
  const { signal } = stopping;
  let asked = Promise.withResolvers<void>();

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      asked = Promise.withResolvers();
      try {
        if (await hasImports(await store(), runtime)) found();
      } catch (error) {
        log.failure('upkeep_failed', error, { work: 'imports' });
      }
      const waiting = wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      await Promise.race([asked.promise, waiting]);
    }
  }

  const watching = watch();
  return {
    look: () => asked.resolve(),
    async stop(): Promise<void> {
      stopping.abort();
      await watching;
    },
  };
}

async function hasImports(store: ByteStore, runtime: Runtime): Promise<boolean> {
  for (const uuid of await wikisWithImports(store)) {
    if ((await runnableImports(store, uuid, runtime)).length > 0) return true;
  }
  return false;
}
