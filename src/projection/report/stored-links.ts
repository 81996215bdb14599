import { candidates, parseDestination, wikiLinkPath } from '../../wiki/markup/link-target.ts';
import { findLinks } from '../../wiki/markup/markdown-links.ts';
import { linksOnTheLeft } from '../../wiki/markup/wiki-links.ts';
import { pageStem } from '../../wiki/name/page-path.ts';
import type { WikiSettings } from '../../wiki/settings.ts';

/** A link of a page: as written, then the paths that it may lead to, without `.md`, the likelier first. Case does not matter. */
export type StoredLink = readonly [written: string, ...paths: string[]];

/** Of one page; further ones are not kept. */
const MAX_LINKS = 2_000;
/** Of a link as written, in UTF-16 units. */
const MAX_WRITTEN = 300;
/** What Otterwiki serves besides pages. */
const SERVED = '/-/';

/**
 * The links of a page that may lead to something in the wiki, each once: wiki links, Markdown links, images and reference
 * definitions outside code, as renaming a page sees them. Anchors are left out.
 * @param path of the page's file
 */
export function storedLinks(path: string, content: string, settings: WikiSettings): StoredLink[] {
  const left = linksOnTheLeft(settings);
  const keyed = (each: string) => pageStem(settings.retainPageNameCase ? each : each.toLowerCase());
  const { wiki, markdown } = findLinks(content);
  const found = new Map<string, StoredLink>();
  const add = (written: string, paths: readonly string[]) => {
    if (found.size >= MAX_LINKS || found.has(written)) return;
    const shown = written.slice(0, MAX_WRITTEN).toWellFormed();
    found.set(written, [shown, ...paths.map(keyed)]);
  };
  for (const link of wiki) {
    const target = wikiLinkPath(link.right === undefined || left ? link.left : link.right);
    if (target !== '') add(content.slice(link.start, link.end), [target]);
  }
  for (const { destination } of markdown) {
    const parsed = destination.startsWith(SERVED) ? undefined : parseDestination(destination);
    if (parsed === undefined) continue;
    const paths = candidates(parsed, path).map(each => each.path);
    add(destination, [...new Set(paths)]);
  }
  return [...found.values()];
}
