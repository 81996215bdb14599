import type { Principal } from '../../auth/principal.ts';
import type { PageRendering } from '../../projection/render/page-rendering.ts';
import type { RenderedPages } from '../../projection/render/rendered-pages.ts';
import { type Lazy, lazy } from '../lazy.ts';
import type { ProjectionParts } from '../projections.ts';

type RenderingParts = Omit<ProjectionParts, 'events'>;

/** Pages that are compiled once, for the API and the site. */
export function lazyRenderedPages({ environment, store }: RenderingParts): Lazy<RenderedPages> {
  const { config, settings, plugins, log, recorder } = environment;
  return lazy('render', recorder, async () => {
    const [
      { createRenderedPages },
      { createRenderer },
      { readDocument },
      opened,
      { config: chosen },
      loaded,
    ] = await Promise.all([
      import('../../projection/render/rendered-pages.ts'),
      import('../../render/create-renderer.ts'),
      import('../../wiki/markup/frontmatter.ts'),
      store(),
      settings(),
      plugins?.(),
    ]);
    const hooks = loaded?.renderHooks;
    const renderer = createRenderer(
      {
        wikilinkStyle: config.wikilinkStyle,
        retainPageNameCase: config.retainPageNameCase,
        openLinksInNewTab: chosen.openLinksInNewTab,
        htmlAllowlist: chosen.renderHtmlAllowlist,
        timeoutMs: chosen.renderTimeoutMs,
        maxBytes: chosen.maxRenderBytes,
        ...(hooks === undefined ? {} : { hooks }),
      },
      readDocument,
    );
    const onError = (error: unknown) => log.failure('render_not_kept', error, {});
    return createRenderedPages({ store: opened, renderer, onError });
  });
}

/** Pages as HTML, as a caller may read them. */
export async function pageRenderingAs(
  { environment: { settings }, wiki: { policies, repository } }: RenderingParts,
  pages: Lazy<RenderedPages>,
  principal: Principal,
): Promise<PageRendering> {
  const [{ createPageRendering }, { bindRepository }, access, wiki, opened, { config }, rendered] =
    await Promise.all([
      import('../../projection/render/page-rendering.ts'),
      import('../../wiki/bound/bound-repository.ts'),
      policies.accessAs(principal),
      policies.wikiAs(principal),
      repository(),
      settings(),
      pages(),
    ]);
  return createPageRendering({
    wiki,
    views: bindRepository(opened, access),
    pages: rendered,
    baseUrl: config.siteUrl,
  });
}
