import type { ProjectionConfig } from '../../../core/projection-config.ts';
import type { SiteInfo } from './site-page.ts';

/** What pages say of the site that they are of. */
export function siteInfoOf(config: ProjectionConfig): SiteInfo {
  const { siteName, siteDescription, siteLang, siteUrl, robotsTxt } = config;
  return {
    name: siteName,
    description: siteDescription,
    lang: siteLang,
    baseUrl: siteUrl,
    isIndexed: robotsTxt === 'allow',
  };
}
