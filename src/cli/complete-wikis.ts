import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import type { NamedWiki } from '../lazy/tenants.ts';
import type { WikiHandles } from '../lazy/wiki-handles.ts';
import { runAll } from '../projection/run-all.ts';
import { sweepProjections } from './sweep-projections.ts';

export interface CompleteOptions {
  runtime: Runtime;
  /** Ends it after the wiki that is under way. */
  signal: AbortSignal;
  /** Makes what is told of failures; they keep nothing else from being done. */
  failed(work: string): (error: unknown) => void;
}

/** How long the projections of one wiki may take. */
const RUN_MS = 60_000;

/**
 * Does in all wikis, one after the other, what no commit leads to: messages that wait and what was set aside are tried again, changes
 * of users are told to their tokens, what nobody needs any more is removed.
 */
export async function completeWikis(
  { wikis, tenants }: Pick<Service, 'wikis' | 'tenants'>,
  options: CompleteOptions,
): Promise<void> {
  const many = await wikis();
  for await (const { name, uuid, state } of (await tenants())('upkeep').all()) {
    if (options.signal.aborted) return;
    if (state !== 'active' && state !== 'suspended') continue;
    const tenant: NamedWiki = { name, uuid };
    const { handles, release } = many.lease(tenant);
    await complete(handles.handles, options).finally(release);
  }
}

async function complete(wiki: WikiHandles, { runtime, failed }: CompleteOptions): Promise<void> {
  const attempt = (name: string, work: () => Promise<unknown>) => work().catch(failed(name));
  await attempt('owners', async () => (await wiki.users()).finish());
  await attempt('drafts', () => wiki.drafts.sweep());
  await attempt('projections', async () => {
    const newest = async () => (await wiki.repository()).view({ maxAgeMs: 0 });
    const run = { newest, deadlineMs: runtime.now() + RUN_MS, publishes: false };
    const { list } = await wiki.projections();
    for (const ran of await runAll(list, run, runtime)) {
      if (ran.outcome === 'failed') failed(`projection_${ran.name}`)(ran.error);
    }
  });
  await attempt('sweep', () => sweepProjections(wiki, runtime, failed));
}
