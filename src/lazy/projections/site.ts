import type { Principal, Standing } from '../../auth/principal.ts';
import type { Audience } from '../../core/access-settings.ts';
import type { RenderedPages } from '../../projection/render/rendered-pages.ts';
import type { ProjectionRun, RunnableProjection } from '../../projection/runnable.ts';
import { type Lazy, lazy } from '../lazy.ts';
import type { ProjectionParts } from './parts.ts';
import { isNameless } from './served-wiki.ts';

const STANDING: Readonly<Record<Audience, Standing>> = {
  ANONYMOUS: 'anonymous',
  REGISTERED: 'registered',
  APPROVED: 'approved',
  ADMIN: 'admin',
};

/** The published site. Where it is off, what was published before is removed. */
export function siteProjection(parts: ProjectionParts, rendering: Lazy<RenderedPages>): RunnableProjection {
  const opened = lazy('site', parts.environment.recorder, () => openSite(parts, rendering));
  return {
    name: 'site',
    async condition() {
      const [site, { config }] = await Promise.all([opened(), parts.environment.settings()]);
      return { ...(await site.condition()), isOff: !config.site };
    },
    run: async (run: ProjectionRun) => ((await isNameless(parts)) ? {} : (await opened()).run(run)),
    rebuild: async (run: ProjectionRun) => ((await isNameless(parts)) ? {} : (await opened()).rebuild(run)),
  };
}

async function openSite(
  { environment, store, wiki }: ProjectionParts,
  rendering: Lazy<RenderedPages>,
): Promise<RunnableProjection> {
  const { config, runtime } = environment;
  const [
    { createSiteProjection },
    { siteInfoOf },
    { addressOf },
    { config: chosen },
    { defaults, permits },
    opened,
    uuid,
  ] = await Promise.all([
    import('../../projection/site/site-projection.ts'),
    import('../../projection/site/theme/site-info.ts'),
    import('./mail-address.ts'),
    environment.settings(),
    wiki.policies.evaluation(),
    store(),
    wiki.wikiId(),
  ]);
  const standing = STANDING[chosen.siteAudience];
  const address = (base: string) => addressOf(base, config.tenants, config.wiki) ?? '';
  const reader: Principal = { id: `site:${standing}`, standing, grants: [], names: [] };
  return createSiteProjection({
    store: opened,
    uuid,
    runtime,
    settings: {
      isOn: chosen.site,
      info: siteInfoOf({ ...chosen, siteUrl: address(chosen.siteUrl) }),
      audience: chosen.siteAudience,
      defaults: [defaults.access, defaults.preferences.homePage ?? ''],
      naming: { retainPageNameCase: config.retainPageNameCase, wikilinkStyle: config.wikilinkStyle },
      apiUrl: address(chosen.apiUrl),
    },
    rendering,
    permits(policy) {
      const found = permits(reader, policy);
      return { permits: found, homePage: found.preferences.homePage ?? '' };
    },
    invalidator: await invalidatorOf(chosen.siteDistribution),
  });
}

async function invalidatorOf(distribution: string) {
  if (distribution === '') return undefined;
  const { createCloudFrontInvalidator } = await import('../../projection/site/cloudfront.ts');
  return createCloudFrontInvalidator(distribution);
}
