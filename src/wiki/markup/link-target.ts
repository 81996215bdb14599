import { cleanSlashes, pageStem } from '../name/page-path.ts';
import { strip } from '../name/python-text.ts';

/** What a Markdown destination says, if it may lead to something in the wiki. */
export interface Destination {
  /** From the root, from the page taken as a folder (`./x`), or from the page's folder. */
  from: 'root' | 'page' | 'folder';
  /** Parts as written, without empty ones and without `.`; `..` only where the path is relative. */
  parts: string[];
  /** `?…` and `#…`, as written. */
  suffix: string;
  trailingSlash: boolean;
}

/** Undefined for other sites, other schemes, bare anchors. */
export function parseDestination(destination: string): Destination | undefined {
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/\/|[#?]|$)/.test(destination)) return undefined;
  const suffixStart = destination.search(/[?#]/);
  const path = suffixStart < 0 ? destination : destination.slice(0, suffixStart);
  const suffix = suffixStart < 0 ? '' : destination.slice(suffixStart);
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  if (parts.length === 0) return undefined;
  const from = path.startsWith('/') ? 'root' : path.startsWith('./') ? 'page' : 'folder';
  return { from, parts, suffix, trailingSlash: path.endsWith('/') };
}

/** Percent signs and Markdown's backslashes decoded; as it is where that fails. */
export function decodePart(part: string): string {
  if (!/[%\\]/.test(part)) return part;
  const plain = part.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** As Python's `quote(part, safe='')`: parentheses too, which Markdown needs. */
export function encodePart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** {@link encodePart} of each part. */
export function encodePath(path: string): string {
  return path.split('/').map(encodePart).join('/');
}

/**
 * Where a destination may lead, as paths from the root with their case kept, the likelier first. Otterwiki takes `./x`
 * from the page as a folder, where its attachments are; everyone else takes relative paths from the page's folder.
 * @param page the file of the page that holds the link
 */
export function candidates(destination: Destination, page: string): { path: string; base: string }[] {
  const parts = destination.parts.map(decodePart);
  const bases = {
    root: [''],
    page: [pageStem(page), folderOf(page)],
    folder: [folderOf(page), pageStem(page)],
  };
  return bases[destination.from].flatMap(base => {
    const path = joinRelative(base, parts);
    return path === undefined ? [] : [{ path, base }];
  });
}

/** The page that a wiki link means when it is followed: decoded, without slashes around, without anchor. */
export function wikiLinkPath(part: string): string {
  const trimmed = strip(part).replace(/^\/+/, '');
  const hash = trimmed.indexOf('#');
  return cleanSlashes(decodePart(strip(hash < 0 ? trimmed : trimmed.slice(0, hash))));
}

/** The folder that holds a file; `''` is the root. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/** Undefined when it climbs out of the wiki. */
function joinRelative(base: string, parts: readonly string[]): string | undefined {
  const joined = base === '' ? [] : base.split('/');
  for (const part of parts.flatMap(decoded => decoded.split('/'))) {
    if (part === '..') {
      if (joined.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') joined.push(part);
  }
  return joined.length === 0 ? undefined : joined.join('/');
}
