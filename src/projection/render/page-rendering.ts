import type { PlacedPage } from '../../render/renderer.ts';
import type { Views } from '../../wiki/bound/bound-repository.ts';
import { literalPageFile, pageFile } from '../../wiki/name/page-path.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import type { Wiki } from '../../wiki/wiki.ts';
import type { RenderedPages } from './rendered-pages.ts';
import { viewPlace } from './view-place.ts';

/** Pages as HTML, as one caller may read them. */
export interface PageRendering {
  /**
   * @param path as requested
   * @throws KittiwakeError as `Wiki.readPage`; `render_too_large`, `render_too_deep`, `render_too_long`
   */
  page(path: string, options: { revision?: string }): Promise<RenderedPage>;
  /**
   * A text that is no page, or not yet. Nothing of it is kept.
   * @param path of the page that it is for; default: a page at the root
   * @throws KittiwakeError `path_invalid`; as {@link PageRendering.page}
   */
  preview(content: string, path: string | undefined): Promise<RenderedPage>;
}

export interface RenderedPage extends Omit<PlacedPage, 'uses'> {
  /** Of the page; null: it has none, and no name. */
  title: string | null;
}

export interface PageRenderingOptions {
  /** As the caller may use it. */
  wiki: Wiki;
  /** The same, by files. */
  views: Views;
  pages: RenderedPages;
  /** Address of the site, without a slash at its end; or empty. */
  baseUrl: string;
}

/** What stands in for a page that has no path yet. */
const NOWHERE = 'preview.md';

export function createPageRendering({ wiki, views, pages, baseUrl }: PageRenderingOptions): PageRendering {
  const naming: WikiSettings = wiki.settings;

  async function placed(id: string | undefined, content: string, request: string | undefined) {
    const view = await views.view();
    const normal = request === undefined ? NOWHERE : pageFile(request, naming);
    const literal = request === undefined ? NOWHERE : literalPageFile(request);
    const isLiteral = literal !== normal && !(await view.file(normal)) && (await view.file(literal));
    const place = viewPlace(isLiteral ? literal : normal, { view, naming, pages, baseUrl });
    const page = await pages.compile(id, content);
    const { html, headings, needs } = await pages.place(page, place);
    return { html, headings, needs, title: page.title };
  }

  return {
    async page(path, options) {
      const { body, blob } = await wiki.readPage(path, options);
      const { title, ...rest } = await placed(blob, body.content, path);
      return { ...rest, title: title ?? String(body.name) };
    },
    preview: async (content, path) => await placed(undefined, content, path),
  };
}
