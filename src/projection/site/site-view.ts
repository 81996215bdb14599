import { sha256 } from '../../core/bytes.ts';
import type { View } from '../../git/repository.ts';
import { CommitSights } from '../../wiki/bound/commit-sights.ts';
import { visibleView } from '../../wiki/bound/visible-view.ts';
import { pageFile } from '../../wiki/name/page-path.ts';
import type { RenderedPages } from '../render/rendered-pages.ts';
import { type ListedPage, type PageMemo, PageTable } from './page-table.ts';
import type { SiteOptions, SiteSettings } from './site-source.ts';
import { themeVariant } from './theme/variant.ts';

/** To be raised with every change after which the same wiki comes out as another site, theme and renderer aside. */
const VERSION = 2;

/** One version of the wiki as the site shows it: all that objects of the site are made of. */
export interface SiteView {
  readonly uuid: string;
  /** What the audience may read. */
  readonly view: View;
  readonly table: PageTable;
  /** File of the page that is shown at the site's address. Undefined: there is none. */
  readonly home: string | undefined;
  readonly settings: SiteSettings;
  readonly rendering: RenderedPages;
  /** Changes with everything but the commit that objects depend on: settings, rules, code. */
  readonly variant: string;
  /** Files that a page was made of besides its own text, by the page's file; filled while pages are made. */
  readonly uses: Map<string, readonly string[]>;
}

/** Makes {@link SiteView}s of one wiki; what is derived from its pages is kept from one to the next. */
export function siteViews(options: SiteOptions): (view: View) => Promise<SiteView> {
  const memo: PageMemo = new WeakMap();
  const sights = new CommitSights();
  const { settings, uuid } = options;
  return async whole => {
    const { permits, homePage } = options.permits(whole.policy);
    const view = visibleView(whole, permits, sights);
    const described = settings.isOn ? view.described() : [];
    const [rendering, pages] = await Promise.all([options.rendering(), described]);
    const table = new PageTable(pages, settings.naming, memo);
    const home = homeOf(table, homePage, settings)?.file;
    const variant = variantOf(settings, rendering.variant, whole.policy);
    return { uuid, view, table, home, settings, rendering, variant, uses: new Map() };
  };
}

function homeOf(table: PageTable, homePage: string, { naming }: SiteSettings): ListedPage | undefined {
  const path = homePage.replace(/^\/+|\/+$/g, '') || 'Home';
  return table.find(fileOf(path, naming) ?? '') ?? table.find(`${path}.md`);
}

function fileOf(path: string, naming: SiteSettings['naming']): string | undefined {
  try {
    return pageFile(path, naming);
  } catch {
    return undefined;
  }
}

/** Of a policy only what says who may read, and where the site begins. */
function variantOf(settings: SiteSettings, rendering: string, policy: unknown): string {
  const { format, access, rules, preferences } = (policy ?? {}) as Record<string, unknown>;
  const home = (preferences as { homePage?: unknown } | undefined)?.homePage;
  const ruled = [format ?? 0, access ?? {}, rules ?? [], home ?? ''];
  const parts = [VERSION, themeVariant(), rendering, settings, ruled];
  return sha256(JSON.stringify(parts)).toString('hex').slice(0, 32);
}
