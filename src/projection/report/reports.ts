import { comparePaths } from '../../git/object/paths.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import { NearestPath } from './nearest-path.ts';
import { keyOf, type PageGraph } from './page-graph.ts';
import type { StoredLink } from './stored-links.ts';

/** A page of a report; paths are as displayed. */
export interface ReportedPage {
  path: string;
  name: string;
}

/** A page with links that lead nowhere. */
export interface BrokenPage extends ReportedPage {
  /** At most {@link MAX_LINKS_SHOWN}. */
  links: {
    /** As written. */
    link: string;
    /** Where it would lead; null: out of the wiki. */
    target: string | null;
    /** The page whose path is most like it; null: none is. */
    suggestion: string | null;
  }[];
  /** All of them. */
  total: number;
}

/** A page that is linked to and not there. */
export interface WantedPage {
  path: string;
  /** How many pages link to it. */
  links: number;
  /** The first of them. */
  linked_from: string[];
}

export type Display = (path: string) => string;

export const MAX_LINKS_SHOWN = 100;
const MAX_SOURCES_SHOWN = 10;
/** Each is compared with every page. */
const MAX_SUGGESTED = 200;

/** Pages that no other page links to, but the one that readers see first. */
export function orphanedPages(
  { pages, target }: PageGraph,
  homePage: string,
  display: Display,
): ReportedPage[] {
  const linked = new Set<string>();
  for (const { path, links } of pages) {
    for (const link of links) {
      const to = target(link);
      if (to !== undefined && to !== path) linked.add(to);
    }
  }
  const home = keyOf(homePage.replace(/^\/+|\/+$/g, ''));
  const orphaned = pages.filter(({ path }) => !linked.has(path) && keyOf(path) !== home);
  return orphaned.map(({ path, name }) => ({ path: display(path), name }));
}

/** Pages without a word. */
export function emptyPages({ pages }: PageGraph, display: Display): ReportedPage[] {
  return pages.filter(({ isEmpty }) => isEmpty).map(({ path, name }) => ({ path: display(path), name }));
}

/** Pages with links that lead nowhere. Suggestions are for those that are shown: {@link withSuggestions}. */
export function brokenPages({ pages, target }: PageGraph, display: Display): BrokenPage[] {
  return pages.flatMap(({ path, name, links }) => {
    const broken = links.filter(link => target(link) === undefined);
    if (broken.length === 0) return [];
    const shown = broken.slice(0, MAX_LINKS_SHOWN).map(link => ({
      link: link[0],
      target: link[1] === undefined ? null : display(link[1]),
      suggestion: null,
    }));
    return [{ path: display(path), name, links: shown, total: broken.length }];
  });
}

/** The same with what was perhaps meant; for the first {@link MAX_SUGGESTED} targets. */
export function withSuggestions(
  broken: readonly BrokenPage[],
  { pages }: PageGraph,
  display: Display,
): BrokenPage[] {
  const nearest = new NearestPath(new Map(pages.map(({ path }) => [keyOf(path), path])));
  const known = new Map<string, string | null>();
  const suggestionFor = (target: string): string | null => {
    const key = keyOf(target);
    const found = known.get(key);
    if (found !== undefined || known.size >= MAX_SUGGESTED) return found ?? null;
    const path = nearest.of(key);
    known.set(key, path === undefined ? null : display(path));
    return known.get(key) ?? null;
  };
  return broken.map(page => ({
    ...page,
    links: page.links.map(link => ({
      ...link,
      suggestion: link.target === null ? null : suggestionFor(link.target),
    })),
  }));
}

/** Pages that are not there, those first that most pages link to. */
export function wantedPages({ pages, target }: PageGraph, display: Display): WantedPage[] {
  const sources = new Map<string, { path: string; from: Set<string> }>();
  for (const { path, links } of pages) {
    for (const link of links) {
      const wanted = target(link) === undefined ? wantedBy(link) : undefined;
      if (wanted === undefined) continue;
      const known = sources.get(keyOf(wanted));
      if (known) known.from.add(path);
      else sources.set(keyOf(wanted), { path: wanted, from: new Set([path]) });
    }
  }
  return [...sources.values()]
    .sort((a, b) => b.from.size - a.from.size || comparePaths(a.path, b.path))
    .map(({ path, from }) => ({
      path: display(path),
      links: from.size,
      linked_from: [...from].slice(0, MAX_SOURCES_SHOWN).map(display),
    }));
}

/** Undefined for what is a file by its name rather than a page. */
function wantedBy([written, path]: StoredLink): string | undefined {
  const isFile = !written.startsWith('[[') && path !== undefined && /\.[A-Za-z][A-Za-z0-9]{0,4}$/.test(path);
  return isFile || path === undefined || isPageFile(path) ? undefined : path;
}
