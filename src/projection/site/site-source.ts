import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import type { Permits } from '../../wiki/access.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import type { RenderedPages } from '../render/rendered-pages.ts';
import type { Invalidator } from './invalidator.ts';
import type { SiteInfo } from './theme/site-page.ts';

export interface SiteSettings {
  /** False: nothing is published, and what was is removed. */
  isOn: boolean;
  info: SiteInfo;
  /** Whose rights the site shows. */
  audience: string;
  /** Whom areas are open to where the policy says nothing, and where the site begins: what `permits` rests on besides the policy. */
  defaults: unknown;
  naming: Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle'>;
  /** Of the API, for links to a page's history and source; empty: there are none. */
  apiUrl: string;
}

export interface SiteOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  runtime: Runtime;
  settings: SiteSettings;
  /** Loaded when pages are made. */
  rendering(): Promise<RenderedPages>;
  /** What the audience may read, by the policy as the ledger holds it, and the page that a reader sees first. */
  permits(policy: unknown): SitePermits;
  /** Caches in front of the site. Default: there are none that can be told. */
  invalidator?: Invalidator | undefined;
}

export interface SitePermits {
  permits: Permits;
  /** As the preference says it; empty: Home. */
  homePage: string;
}

export function sitePrefix(uuid: string): string {
  return `site/${uuid}/`;
}
