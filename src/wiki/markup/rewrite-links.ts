import { displayPath, pageStem } from '../name/page-path.ts';
import { strip } from '../name/python-text.ts';
import { relativePath } from '../name/relative-path.ts';
import type { WikiSettings } from '../settings.ts';
import { applyEdits, type Edit } from './edits.ts';
import {
  candidates,
  type Destination,
  encodePart,
  encodePath,
  folderOf,
  parseDestination,
  wikiLinkPath,
} from './link-target.ts';
import { findLinks, type MarkdownLink } from './markdown-links.ts';
import { linksOnTheLeft, type WikiLink } from './wiki-links.ts';

/** A page that moves, with everything below its folder. Files: `docs/a.md`. */
export interface Move {
  from: string;
  to: string;
}

export interface RewriteOptions {
  move: Move;
  /** The page that holds the links, before and after: another file when it moves too. */
  page: string;
  pageAfter: string;
  settings: WikiSettings;
  /** True for the paths of {@link uncertainPaths} at which there is a page, an attachment or a folder. */
  exists(path: string): boolean;
}

/**
 * The text with every link to what moved, and every relative link of a page that moved itself, leading where it led
 * before (API contract 6, core's rules). Display texts, anchors, queries and a leading slash stay; code is not touched.
 */
export function rewriteLinks(text: string, options: RewriteOptions): string {
  const links = findLinks(text);
  const edits: Edit[] = [];
  for (const link of links.wiki) {
    const changed = rewriteWikiLink(link, options);
    if (changed !== undefined) edits.push({ start: link.start + 2, end: link.end - 2, text: changed });
  }
  for (const link of links.markdown) {
    const changed = rewriteMarkdownLink(link, options);
    if (changed !== undefined) edits.push({ start: link.start, end: link.end, text: changed });
  }
  return applyEdits(text, edits);
}

/** The paths that relative links may mean, as far as it matters what is there. */
export function uncertainPaths(text: string, options: Omit<RewriteOptions, 'exists'>): string[] {
  const moves = options.page !== options.pageAfter;
  const paths = new Set<string>();
  for (const link of findLinks(text).markdown) {
    const destination = parseDestination(link.destination);
    if (destination === undefined || destination.from === 'root') continue;
    const meant = candidates(destination, options.page);
    if (!moves && meant.every(({ path }) => moved(path, options) === undefined)) continue;
    for (const { path } of meant) paths.add(path);
  }
  return [...paths];
}

/** Where a path lies after the move. Undefined: where it lay before. */
export function moved(
  path: string,
  { move, settings }: Pick<RewriteOptions, 'move' | 'settings'>,
): { path: string; shown: string } | undefined {
  const fold = (part: string): string => (settings.retainPageNameCase ? part : part.toLowerCase());
  const old = pageStem(move.from).split('/');
  const parts = path.split('/');
  const isMd = fold(path).endsWith('.md');
  const compared = isMd ? path.slice(0, -3).split('/') : parts;
  const matches = old.length <= compared.length && old.every((part, i) => part === fold(compared[i] ?? ''));
  if (!matches) return undefined;
  const rest = parts.slice(old.length);
  const stem = pageStem(move.to);
  if (rest.length === 0 && isMd) return { path: move.to, shown: move.to };
  return {
    path: [stem, ...rest].join('/'),
    shown: [displayPath(move.to, settings), ...rest].join('/'),
  };
}

function rewriteWikiLink(link: WikiLink, options: RewriteOptions): string | undefined {
  const onTheLeft = link.right === undefined || linksOnTheLeft(options.settings);
  const part = strip(onTheLeft ? link.left : (link.right ?? ''));
  const path = wikiLinkPath(part);
  if (path === '') return undefined;
  const target = moved(pageOf(path, options.settings), options);
  if (target === undefined) return undefined;
  const hash = part.indexOf('#');
  const anchor = hash < 0 ? '' : part.slice(hash);
  const shown = displayPath(target.path, options.settings).replace(/[\]|#]/g, encodePart);
  const written = `${part.startsWith('/') ? '/' : ''}${shown}${anchor}`;
  if (link.right === undefined) return written;
  return onTheLeft ? `${written}|${link.right}` : `${link.left}|${written}`;
}

/** A wiki link means a page whether or not it says `.md`. */
function pageOf(path: string, settings: WikiSettings): string {
  const md = settings.retainPageNameCase ? path.endsWith('.md') : path.toLowerCase().endsWith('.md');
  return md ? path.slice(0, -3) : path;
}

function rewriteMarkdownLink(link: MarkdownLink, options: RewriteOptions): string | undefined {
  const destination = parseDestination(link.destination);
  if (destination === undefined) return undefined;
  const meant = candidates(destination, options.page);
  if (destination.from !== 'root') return rewriteRelative(destination, meant, options);
  const target = meant[0] && moved(meant[0].path, options);
  return target && `/${encodePath(target.shown)}${ending(destination)}`;
}

function rewriteRelative(
  destination: Destination,
  meant: readonly { path: string; base: string }[],
  options: RewriteOptions,
): string | undefined {
  const chosen = meant.find(({ path }) => options.exists(path));
  if (chosen === undefined) return undefined;
  const target = moved(chosen.path, options);
  const isOwnFolder = chosen.base === pageStem(options.page);
  const newBase = isOwnFolder ? pageStem(options.pageAfter) : folderOf(options.pageAfter);
  if (target === undefined && newBase === chosen.base) return undefined;
  const before = relativePath(chosen.base, chosen.path, options.settings);
  const after = relativePath(newBase, target?.path ?? chosen.path, options.settings);
  if (after === before) return undefined;
  const shown = relativePath(newBase, target?.shown ?? chosen.path, options.settings);
  const dot = destination.from === 'page' && !shown.startsWith('..') ? './' : '';
  return `${dot}${encodePath(shown)}${ending(destination)}`;
}

function ending(destination: Destination): string {
  return `${destination.trailingSlash ? '/' : ''}${destination.suffix}`;
}
