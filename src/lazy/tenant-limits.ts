import type { Config } from '../core/config.ts';
import type { TenantLimits, TenantUsage } from '../tenant/tenant-admin.ts';
import type { WikiHandles } from './wiki-handles.ts';

/** Sets limits of a wiki; the others stay as they are. */
export async function setLimits(
  { repository }: Pick<WikiHandles, 'repository'>,
  limits: TenantLimits,
): Promise<void> {
  const [{ withFields }, { parsePolicy, storedPolicy }, { policyUnreadable }, opened] = await Promise.all([
    import('../auth/policy/change-policy.ts'),
    import('../auth/policy/parse-policy.ts'),
    import('../auth/policy/errors.ts'),
    repository(),
  ]);
  await opened.changePolicy(stored => {
    const before = parsePolicy(stored);
    if (before === undefined) throw policyUnreadable();
    const changed = withFields(before, 'limits', limits);
    if (changed === before) return { result: null };
    return { policy: storedPolicy({ ...changed, revision: before.revision + 1 }), result: null };
  });
}

/** How much a wiki holds, and how much it may. */
export async function usageOf(
  { repository }: Pick<WikiHandles, 'repository'>,
  config: Config,
): Promise<TenantUsage> {
  const [{ parsePolicy }, opened] = await Promise.all([
    import('../auth/policy/parse-policy.ts'),
    repository(),
  ]);
  const view = await opened.view({ maxAgeMs: 0 });
  const limits = { pages: config.maxPages, bytes: config.maxWikiBytes, ...parsePolicy(view.policy)?.limits };
  return { ...(await view.usage()), limits };
}
