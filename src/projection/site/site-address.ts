import { encodeUrl, siteKey } from './site-key.ts';

/** What the path of a request means. */
export type SiteAddress =
  /** An object by its key below `site/<uuid>/`, whether or not there is one. */
  | { kind: 'object'; key: string }
  /** The same object at its own URL, below the base and without a slash at its start: links of a page are relative to that. */
  | { kind: 'moved'; url: string }
  /** No object can have it. */
  | { kind: 'absent' };

/**
 * A pure function for servers and the edge alike; what it is written in is known there, too (CloudFront's JavaScript runtime 2.0: no
 * destructuring, no spread).
 * @param path below the site's base, as sent: percent-encoded, with a slash at its start
 */
export function addressOfPath(path: string): SiteAddress {
  const url = decoded(path);
  const key = url === undefined ? undefined : siteKey(url);
  if (url === undefined || key === undefined) return { kind: 'absent' };
  const own = encodeUrl(url);
  return slashesIn(path) === slashesIn(own) + 1 ? { kind: 'object', key: key } : { kind: 'moved', url: own };
}

/** Undefined: it is no path of a page, or one that a browser would resolve itself. */
function decoded(path: string): string | undefined {
  try {
    const parts = decodeURIComponent(path)
      .split('/')
      .filter(part => part !== '');
    return parts.some(part => part === '.' || part === '..') ? undefined : parts.join('/');
  } catch (_) {
    return undefined;
  }
}

function slashesIn(path: string): number {
  return path.split('/').length - 1;
}
