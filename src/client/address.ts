import { pathRefused } from './errors.ts';

/** Values of parameters: those of an address (`params`) or of its query. */
export type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Segments that the API reads as its own when they follow a page; percent-encoded they are parts of a name. */
const RESERVED = new Set(['attachments', 'history', 'rename', 'restore']);

/**
 * The address of an operation, from its method and path (`GET /api/v1/pages/{path}`). A `{path}` has one or more segments,
 * every other parameter is one segment; whatever they hold is percent-encoded.
 * @throws KittiwakeClientError `path_invalid`: what no address can hold, since it would lead elsewhere
 */
export function addressOf(
  baseUrl: string,
  endpoint: string,
  params: Values = {},
  query: Values = {},
): string {
  const template = endpoint.slice(endpoint.indexOf(' ') + 1);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '');
    return name === 'path' ? encodePath(value) : encodeSegment(name, value);
  });
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)]));
  return `${baseUrl}${path}${asked.length === 0 ? '' : `?${search}`}`;
}

/** A page path as it goes into an address: slashes stay, doubled ones and those at the ends do not. */
export function encodePath(path: string): string {
  const segments = path.split('/').filter(segment => segment !== '');
  if (segments.length === 0) throw pathRefused('path', 'it is empty');
  return segments.map(segment => encodeSegment('path', segment)).join('/');
}

function encodeSegment(name: string, segment: string): string {
  if (segment === '' || segment === '.' || segment === '..')
    throw pathRefused(name, `a segment may not be ${JSON.stringify(segment)}`);
  if (RESERVED.has(segment)) return `%${segment.charCodeAt(0).toString(16)}${segment.slice(1)}`;
  try {
    return encodeURIComponent(segment);
  } catch (cause) {
    if (cause instanceof URIError) throw pathRefused(name, 'it has half of a surrogate pair');
    throw cause;
  }
}
