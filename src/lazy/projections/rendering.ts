import type { Principal } from '../../auth/principal.ts';
import type { PageRendering } from '../../projection/render/page-rendering.ts';
import type { RenderedPages } from '../../projection/render/rendered-pages.ts';
import type { Renderer, RenderSettings } from '../../render/renderer.ts';
import type { Environment } from '../environment.ts';
import { type Lazy, lazy } from '../lazy.ts';
import type { ProjectionParts } from './parts.ts';

type RenderingParts = Omit<ProjectionParts, 'events'>;

/** Pages that are compiled once, for the API and the site. What compiles them is loaded by the first that is not kept yet. */
export function lazyRenderedPages({ environment, store }: RenderingParts): Lazy<RenderedPages> {
  const { log, recorder } = environment;
  return lazy('rendered', recorder, async () => {
    const [{ createRenderedPages }, { variantOf }, { placePage }, opened, settings] = await Promise.all([
      import('../../projection/render/rendered-pages.ts'),
      import('../../render/variant.ts'),
      import('../../render/place.ts'),
      store(),
      renderSettings(environment),
    ]);
    const compiler = lazyCompiler(settings, recorder);
    const renderer: Renderer = {
      variant: variantOf(settings),
      place: placePage,
      compile: async source => await (await compiler()).compile(source),
    };
    const onError = (error: unknown) => log.failure('render_not_kept', error, {});
    return createRenderedPages({ store: opened, renderer, onError });
  });
}

function lazyCompiler(settings: RenderSettings, recorder: Environment['recorder']): Lazy<Renderer> {
  return lazy('renderer', recorder, async () => {
    const [{ createRenderer }, { readDocument }] = await Promise.all([
      import('../../render/create-renderer.ts'),
      import('../../wiki/markup/frontmatter.ts'),
    ]);
    return createRenderer(settings, readDocument);
  });
}

async function renderSettings({ config, settings, plugins }: Environment): Promise<RenderSettings> {
  const [{ config: chosen }, loaded] = await Promise.all([settings(), plugins?.()]);
  const hooks = loaded?.renderHooks;
  return {
    wikilinkStyle: config.wikilinkStyle,
    retainPageNameCase: config.retainPageNameCase,
    openLinksInNewTab: chosen.openLinksInNewTab,
    htmlAllowlist: chosen.renderHtmlAllowlist,
    timeoutMs: chosen.renderTimeoutMs,
    maxBytes: chosen.maxRenderBytes,
    ...(hooks === undefined ? {} : { hooks }),
  };
}

/** Pages as HTML, as a caller may read them. */
export async function pageRenderingAs(
  { environment: { config: server, settings }, wiki: { policies, repository } }: RenderingParts,
  pages: Lazy<RenderedPages>,
  principal: Principal,
): Promise<PageRendering> {
  const [
    { createPageRendering },
    { bindRepository },
    { addressOf },
    access,
    wiki,
    opened,
    { config },
    rendered,
  ] = await Promise.all([
    import('../../projection/render/page-rendering.ts'),
    import('../../wiki/bound/bound-repository.ts'),
    import('./mail-address.ts'),
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
    baseUrl: addressOf(config.siteUrl, server.tenants, server.wiki) ?? '',
  });
}
