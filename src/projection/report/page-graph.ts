import { pageStem } from '../../wiki/name/page-path.ts';
import type { WordStore } from '../ranked/word-store.ts';
import type { MayRead } from '../readable-search.ts';
import { fileServedAt } from '../served-file.ts';
import type { StoredLink } from './stored-links.ts';

/** A page that the caller may read. */
export interface GraphPage {
  /** Its file. */
  path: string;
  name: string;
  /** True: it holds no word. */
  isEmpty: boolean;
  links: readonly StoredLink[];
}

/** The pages that one caller may read, with what leads where. */
export interface PageGraph {
  /** In file order. */
  pages: readonly GraphPage[];
  /** The page or other file that a link leads to: undefined when there is nothing of the kind. */
  target(link: StoredLink): string | undefined;
}

/**
 * What reports are made of. Case does not matter to a link.
 * @param files all files of the wiki; asked for only where a link leads to no page
 */
export async function readGraph(
  store: WordStore,
  mayRead: MayRead,
  files: () => Promise<readonly string[]>,
): Promise<PageGraph> {
  const links = new Map(store.links());
  const pages: GraphPage[] = [];
  for (const [id, path, name, , bodyWords] of store.entries()) {
    if (mayRead?.(path) === false) continue;
    const own = links.get(id);
    pages.push({ path, name, isEmpty: bodyWords === 0, links: own === undefined ? [] : JSON.parse(own) });
  }
  pages.sort((a, b) => (a.path < b.path ? -1 : 1));
  const known = new Map(pages.map(({ path }) => [keyOf(path), path]));
  const target = ([, ...paths]: StoredLink) => {
    const keys = paths.map(keyOf);
    const key = [...keys, ...keys.flatMap(fileServedAt)].find(each => known.has(each));
    return key === undefined ? undefined : known.get(key);
  };
  if (pages.some(page => page.links.some(link => target(link) === undefined))) {
    for (const path of await files()) {
      if (mayRead?.(path) !== false && !known.has(keyOf(path))) known.set(keyOf(path), path);
    }
  }
  return { pages, target };
}

/** As links name a file. */
export function keyOf(path: string): string {
  return pageStem(path).toLowerCase();
}
