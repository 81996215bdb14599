import { type Compiler, compilePage } from './compile.ts';
import { renderTooLarge } from './errors.ts';
import { EXTENSIONS } from './extensions.ts';
import type { Frontmatter } from './frontmatter.ts';
import { footnoteList } from './inline/footnote.ts';
import { placePage } from './place.ts';
import type { Renderer, RenderSettings } from './renderer.ts';
import { createSanitizer } from './sanitize.ts';
import { markedOptions } from './syntax.ts';
import { variantOf } from './variant.ts';
import { withinTime } from './watchdog.ts';

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
  const preprocess = settings.hooks?.preprocess?.bind(settings.hooks);
  return {
    variant: variantOf(settings),
    async compile(source) {
      const bytes = Buffer.byteLength(source);
      if (bytes > settings.maxBytes) throw renderTooLarge(`the text with ${bytes} bytes`, settings.maxBytes);
      const { frontmatter, body } = await readFrontmatter(source);
      const failures = settings.hooks?.failures?.();
      const markdown = preprocess === undefined ? body : bounded(settings, () => preprocess(body));
      await Promise.all(EXTENSIONS.map(each => each.prepare?.(markdown)));
      const page = bounded(settings, () => compilePage(compiler, { frontmatter, body: markdown }));
      return settings.hooks?.failures?.() === failures ? page : { ...page, isPartial: true };
    },
    place: placePage,
  };
}

function bounded<T>(settings: RenderSettings, work: () => T): T {
  try {
    return withinTime(settings.timeoutMs, work);
  } catch (error) {
    for (const each of EXTENSIONS) each.renew?.();
    throw error;
  }
}
