import { createHash } from 'node:crypto';
import { type Compiler, compilePage } from './compile.ts';
import { renderTooLarge } from './errors.ts';
import { EXTENSIONS } from './extensions.ts';
import type { Frontmatter } from './frontmatter.ts';
import { footnoteList } from './inline/footnote.ts';
import { placePage } from './place.ts';
import type { Renderer, RenderSettings } from './renderer.ts';
import { createSanitizer } from './sanitize.ts';
import { markedOptions } from './syntax.ts';
import { withinTime } from './watchdog.ts';

/** To be raised with every change after which a text may come out otherwise. */
const VERSION = 1;

/**
 * @param settings of the wiki; the defaults of limits are those of `PROJECTION_SETTINGS`
 * @param readFrontmatter parts a page into frontmatter and text; it bounds itself
 */
export function createRenderer(
  settings: RenderSettings,
  readFrontmatter: (source: string) => Frontmatter | Promise<Frontmatter>,
): Renderer {
  const compiler: Compiler = {
    settings,
    options: markedOptions(EXTENSIONS),
    sanitize: createSanitizer(settings),
    tails: [footnoteList],
  };
  return {
    variant: variantOf(settings),
    async compile(source) {
      const bytes = Buffer.byteLength(source);
      if (bytes > settings.maxBytes) throw renderTooLarge(`the text with ${bytes} bytes`, settings.maxBytes);
      const document = await readFrontmatter(source);
      await Promise.all(EXTENSIONS.map(each => each.prepare?.(document.body)));
      return withinTime(settings.timeoutMs, () => compilePage(compiler, document));
    },
    place: placePage,
  };
}

/** Limits are left out: what is within them comes out the same. */
function variantOf(settings: RenderSettings): string {
  const parts = [
    VERSION,
    settings.wikilinkStyle,
    settings.retainPageNameCase,
    settings.openLinksInNewTab,
    [...settings.htmlAllowlist].sort(([a], [b]) => (a < b ? -1 : 1)),
    settings.hooks?.variant ?? '',
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
