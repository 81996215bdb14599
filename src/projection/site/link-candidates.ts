import { candidates, parseDestination, wikiLinkPath } from '../../wiki/markup/link-target.ts';
import { findLinks } from '../../wiki/markup/markdown-links.ts';
import { linksOnTheLeft } from '../../wiki/markup/wiki-links.ts';
import { isPageFile } from '../../wiki/name/page-path.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import { fileServedAt } from '../served-file.ts';

type Naming = Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle'>;

/** What a link on a page may mean: files of the wiki, the likelier first. */
export interface Meant {
  files: readonly string[];
  /** Of the page that it leads to: without `#`. */
  anchor: string;
}

/**
 * @param target as written
 * @returns undefined: it leads out of the wiki, or to a place on the page itself
 */
export function meantBy(
  target: string,
  isWikiLink: boolean,
  file: string,
  naming: Naming,
): Meant | undefined {
  const hash = target.indexOf('#');
  const anchor = hash < 0 ? '' : decoded(target.slice(hash + 1));
  const paths = isWikiLink ? [wikiLinkPath(target)] : destinationPaths(target, file);
  const files = new Set(paths.filter(path => path !== '').flatMap(path => filesOf(path, naming)));
  return files.size === 0 ? undefined : { files: [...files], anchor };
}

/** Files that the links of a text may mean. */
export function linkedFiles(file: string, text: string, naming: Naming): Set<string> {
  const left = linksOnTheLeft(naming);
  const { wiki, markdown } = findLinks(text);
  const files = new Set<string>();
  const add = (target: string, isWikiLink: boolean) => {
    for (const each of meantBy(target, isWikiLink, file, naming)?.files ?? []) files.add(each);
  };
  for (const link of wiki) add(link.right === undefined || left ? link.left : link.right, true);
  for (const link of markdown) add(link.destination, false);
  return files;
}

function destinationPaths(target: string, file: string): string[] {
  const destination = parseDestination(target);
  return destination === undefined ? [] : candidates(destination, file).map(({ path }) => path);
}

/**
 * As a page, in the case that the wiki keeps and as written; then as a file, whose folder is named like the page that it belongs to,
 * also by the address that Otterwiki gives it.
 */
function filesOf(path: string, { retainPageNameCase }: Naming): string[] {
  const page = isPageFile(path) ? path : `${path}.md`;
  const files = [path, ...fileServedAt(path)];
  if (retainPageNameCase) return [page, ...files];
  return [page.toLowerCase(), page, ...files, ...files.filter(hasExtension).map(withLowerFolder)];
}

function hasExtension(path: string): boolean {
  return /\.[^./]+$/.test(path) && !isPageFile(path);
}

function withLowerFolder(path: string): string {
  const name = path.lastIndexOf('/') + 1;
  return path.slice(0, name).toLowerCase() + path.slice(name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
