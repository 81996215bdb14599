/**
 * Markdown to safe HTML in two steps. {@link Renderer.compile} depends on nothing but the text and the settings, so its result can
 * be kept under the content's id and is never made twice. {@link Renderer.place} puts it where it is shown: it knows the page's own
 * path, which pages there are and what stands in those that are embedded, and only joins strings.
 */
export interface Renderer {
  /**
   * Changes whenever the same text may come out otherwise: version of the code, settings, plugins. Part of the key under which
   * results are kept.
   */
  readonly variant: string;
  /**
   * @param source of a page, with its frontmatter
   * @throws KittiwakeError `render_too_large`, `render_too_deep`, `render_too_long` (time), `plugin_failed`
   */
  compile(source: string): Promise<CompiledPage>;
  /** @throws KittiwakeError `render_too_large`; what `place` throws */
  place(page: CompiledPage, place: Place): Promise<PlacedPage>;
}

/** Plain JSON: it is stored as it is. */
export interface CompiledPage {
  /** HTML between the references, which stand between two strings each: `html[0] refs[0] html[1] refs[1] html[2]`. */
  html: readonly string[];
  refs: readonly Reference[];
  headings: readonly Heading[];
  /** From the frontmatter. Null: it has none. */
  title: string | null;
  /** What a browser needs besides the style sheet: `mermaid`. */
  needs: readonly string[];
  /** A plugin failed meanwhile: the same text may come out otherwise the next time. */
  isPartial?: true;
}

export interface Heading {
  /** 1 to 6. */
  level: number;
  /** Plain. */
  text: string;
  /** `id` of the element. */
  anchor: string;
}

/** What can only be written when it is known where the page stands. */
export type Reference =
  /** The value of an `href`, which `place` escapes. `target` as written: it has no scheme and names no host. */
  | { kind: 'link'; target: string; isWikiLink: boolean }
  /** An anchor of the page: the value of an `id`, or what stands behind `#` in an `href`. Another page that embeds it changes both alike. */
  | { kind: 'anchor'; anchor: string }
  /** The value of a `src`. */
  | { kind: 'source'; target: string }
  /** The classes of a link to a page, such as `missing`: ` class="…"` or nothing. */
  | { kind: 'state'; target: string; isWikiLink: boolean }
  /** Blocks: another page's content, lists of pages or attachments, tables of an attachment. */
  | { kind: 'embed'; name: string; options: Readonly<Record<string, string>>; args: readonly string[] };

/** Where a page is shown, and what is around it. */
export interface Place {
  /** Of the page: `docs/intro.md`. */
  file: string;
  /** URL of a page, with its anchor. */
  pageUrl(file: string, anchor: string): string;
  /** URL of a file that is no page. */
  fileUrl(file: string): string;
  /**
   * What the target of a link means on this page: a file of the wiki that is there, or that could be there, or neither (then the
   * link stays as it is written).
   */
  resolve(target: string, isWikiLink: boolean): Promise<Resolved | undefined>;
  /**
   * A page without its frontmatter, or one section of it, for transclusion. Undefined: there is none that the reader may read.
   * @param section its title, or the path of titles to it
   */
  page(file: string, section?: string): Promise<CompiledPage | undefined>;
  /** The same from another page: what its own links mean. */
  at(file: string): Place;
  /** Files of the folder that belongs to a page, for lists of attachments. */
  attachments(file: string): Promise<readonly { name: string; size: number; seconds: number }[]>;
  /** Pages below a folder, for indexes, in path order: at most `limit`. */
  pagesBelow(folder: string, limit: number): Promise<readonly { file: string; name: string }[]>;
  /** The bytes of an attachment for tables. Undefined: there is none, or it is larger than `maxBytes`. */
  read(file: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

export interface Resolved {
  file: string;
  anchor: string;
  isPage: boolean;
  exists: boolean;
}

export interface PlacedPage {
  /** The content: no `html`, no `body` around it. */
  html: string;
  headings: readonly Heading[];
  needs: readonly string[];
  /** Files that it depends on besides its own text, sorted: pages and attachments that are embedded, folders that are listed end with `/`. */
  uses: readonly string[];
}

export interface RenderSettings {
  /** As `WikiSettings.wikilinkStyle`. */
  wikilinkStyle: string;
  retainPageNameCase: boolean;
  openLinksInNewTab: boolean;
  htmlAllowlist: ReadonlyMap<string, readonly string[]>;
  /** Of one `compile`, in milliseconds. */
  timeoutMs: number;
  /** Of one source, in bytes. */
  maxBytes: number;
  /** Default: none. */
  hooks?: RenderHooks;
}

/** What plugins do while a page is rendered; all synchronous. What they give is sanitised with everything else. */
export interface RenderHooks {
  /** Part of {@link Renderer.variant}: names and versions of the plugins. */
  readonly variant: string;
  /** How often plugins have failed until now: what a page lacks because one did is not kept. Default: never. */
  failures?(): number;
  preprocess?(markdown: string): string;
  postprocess?(html: string): string;
  processLink?(html: string, link: { url: string; text: string; title: string }): string;
  processImage?(html: string, image: { src: string; alt: string; title: string }): string;
  processHeading?(html: string, heading: Heading): string;
  processWikiLink?(html: string, link: { target: string; text: string }): string;
  /** Undefined: not mine. */
  renderEmbedding?(
    name: string,
    options: Readonly<Record<string, string>>,
    args: readonly string[],
  ): string | undefined;
}
