import type { Runtime } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';

/** How long what is swept of one wiki takes at most. */
const SWEEP_MS = 60_000;

/** Removes what the projections of a wiki do not need any more. What one fails with keeps no other from being swept. */
export async function sweepProjections(
  { repository, projections }: Pick<Service, 'repository' | 'projections'>,
  runtime: Pick<Runtime, 'now'>,
  failed: (work: string) => (error: unknown) => void,
): Promise<void> {
  const newest = async () => (await repository()).view({ maxAgeMs: 0 });
  const deadlineMs = runtime.now() + SWEEP_MS;
  const { list, sweepRendered, sweepImports } = await projections();
  for (const { name, sweep } of list) await sweep?.({ newest, deadlineMs }).catch(failed(`sweep_${name}`));
  await sweepRendered().catch(failed('sweep_rendered'));
  await sweepImports().catch(failed('sweep_imports'));
}
