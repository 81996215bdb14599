/** What an address leads to, once it is read as a browser does. */
export type Destination =
  /** Another site, or a mail: to be written as it is. */
  | { kind: 'elsewhere'; url: string }
  /** A place on this page. */
  | { kind: 'anchor'; anchor: string }
  /** Something of this wiki; has no scheme and names no host. */
  | { kind: 'here'; target: string };

/** Of links. */
const SCHEMES = ['http', 'https', 'mailto', 'tel', 'ftp', 'xmpp', 'irc', 'ircs', 'geo', 'news', 'magnet'];
const IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$/i;

/** Of `href` and the like, with its character references decoded. Undefined: it is not allowed. */
export function linkDestination(value: string): Destination | undefined {
  const url = asBrowsersRead(value);
  const scheme = schemeOf(url);
  if (scheme !== undefined) return SCHEMES.includes(scheme) ? { kind: 'elsewhere', url } : undefined;
  // Both slashes are one to a browser, and two of them begin the name of a host.
  if (/^[\\/]{2}/.test(url)) return { kind: 'elsewhere', url: url.replace(/^[\\/]+/, '//') };
  if (url.startsWith('#')) return { kind: 'anchor', anchor: url.slice(1) };
  return { kind: 'here', target: url };
}

/** Of `src` and the like: nothing but what can be fetched, and pictures within the address. */
export function sourceDestination(value: string): Destination | undefined {
  const url = asBrowsersRead(value);
  if (IMAGE.test(url)) return { kind: 'elsewhere', url };
  const destination = linkDestination(url);
  if (destination?.kind === 'anchor') return undefined;
  const isFetched = destination?.kind !== 'elsewhere' || /^(?:https?:)?\/\//i.test(destination.url);
  return isFetched ? destination : undefined;
}

/** Of a wiki link. Names of pages may look like an address: `Help: Editing`. The slash says that it is none. */
export function pageDestination(value: string): Destination {
  return { kind: 'here', target: `/${asBrowsersRead(value).replace(/^[\\/]+/, '')}` };
}

/** White space and control characters around it go, tabs and newlines in it too (https://url.spec.whatwg.org/#url-parsing). */
function asBrowsersRead(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return value.replace(/[\u0000-\u001f\u007f]+/g, '').trim();
}

function schemeOf(url: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
}

/** The schemes that {@link linkDestination} and {@link sourceDestination} let through. */
export const ALLOWED_SCHEMES = { links: SCHEMES, sources: ['http', 'https', 'data'] };
