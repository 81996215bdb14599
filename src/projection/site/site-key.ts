/**
 * Where an object of the site lies, by its URL path: `docs/intro` is `p/docs/intro.html`, `-/files/a b.png` is
 * `-/files/a=20b=2Epng.file`. Pages lie in `p/`, everything else in `-/`; what stands at the root because the world looks for it
 * there, too. A pure function without any import: the function at the edge is built of it.
 *
 * Bytes outside `[A-Za-z0-9_-]` become `=` and two hexadecimal digits, so that no name is a dot, and no folder ends as an object
 * does. Longer segments are cut; all parts but the last end with `=-`.
 */

/** Of a key below `site/<uuid>/`: with those 38 characters it has 1,000. */
const MAX_KEY = 960;
const MAX_SEGMENT = 200;
const CUT = '=-';

const PAGES = 'p/';
const OTHERS = '-/';

/** What others look for at the root. */
const AT_ROOT = ['robots.txt', 'sitemap.xml', 'favicon.ico'];

/** The page that is shown where there is none. */
export const NOT_FOUND_URL = '-/404';

/**
 * @param url path below the site's base without a slash at its start, decoded; the empty string is the home page. Slashes too many
 * are left out.
 * @returns undefined: there is no such object, because its key would be too long or the path is not Unicode
 */
export function siteKey(url: string): string | undefined {
  const path = url.split('/').filter(part => part !== '');
  const isRoot = path.length === 1 && AT_ROOT.includes(path[0] ?? '');
  const isPage = path[0] !== '-' && !isRoot;
  const encoded = encodePath(path[0] === '-' ? path.slice(1) : path);
  if (encoded === undefined) return undefined;
  const key = isPage ? `${PAGES}${encoded}.html` : `${OTHERS}${encoded}.${isRoot ? 'root' : 'file'}`;
  return key.length > MAX_KEY ? undefined : key;
}

/** The inverse of {@link siteKey}. Undefined: no URL has this key. */
export function siteUrl(key: string): string | undefined {
  const match = /^[p-]\/(.*)\.(html|file|root)$/.exec(key);
  const kind = match?.[2];
  const decoded = decodePath(match?.[1]);
  if (decoded === undefined) return undefined;
  const url = kind !== 'file' ? decoded : decoded === '' ? '-' : `-/${decoded}`;
  return siteKey(url) === key ? url : undefined;
}

/** A path as it stands in a URL: percent-encoded, except slashes. @throws URIError when it is not Unicode */
export function encodeUrl(url: string): string {
  return url.split('/').map(encodeURIComponent).join('/');
}

/** Whether a page may have this path: others are taken by the site itself. */
export function isReserved(url: string): boolean {
  return url === '' || url === '-' || url.startsWith('-/') || AT_ROOT.includes(url);
}

function encodePath(path: readonly string[]): string | undefined {
  try {
    return path.map(part => cut(encodeSegment(part))).join('/');
  } catch {
    return undefined;
  }
}

function encodeSegment(text: string): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*.~]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replace(/%/g, '=');
}

function cut(segment: string): string {
  let parts = '';
  let rest = segment;
  while (rest.length > MAX_SEGMENT) {
    parts += `${rest.slice(0, MAX_SEGMENT)}${CUT}/`;
    rest = rest.slice(MAX_SEGMENT);
  }
  return parts + rest;
}

function decodePath(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const joined = encoded.split(`${CUT}/`).join('');
  if (!/^(?:[A-Za-z0-9_/-]|=[0-9A-F]{2})*$/.test(joined)) return undefined;
  try {
    return joined
      .split('/')
      .map(part => decodeURIComponent(part.replaceAll('=', '%')))
      .join('/');
  } catch {
    return undefined;
  }
}
