import { credentialsRefused } from './errors.ts';

/** What a host is shown, by the names that remotes know them by. */
export type Credentials = ReadonlyMap<string, Credential>;

interface Credential {
  /** They are sent to this URL and what is below it, and nowhere else. */
  url: string;
  username: string;
  password: string;
  /** Names or uuids of wikis that may use them; undefined: that of a server with one wiki. */
  wikis: readonly string[] | undefined;
}

export interface CredentialUse {
  /** As the remote has it. */
  name: string;
  /** Of the repository. */
  url: string;
  /** What the wiki is called, by name and uuid; undefined: it is the only one. */
  wiki: { name: string; uuid: string } | undefined;
}

/**
 * Reads `{"NAME": {"url": "https://host/path", "username": "…", "password": "…", "wikis": ["…"]}}`.
 * @param text the value of the secret; undefined: there is none
 * @throws KittiwakeError `remote_credentials_refused`; it repeats nothing of the text but names
 */
export function parseCredentials(text: string | undefined): Credentials {
  const found = new Map<string, Credential>();
  if (text === undefined) return found;
  for (const [name, value] of Object.entries(parsed(text))) {
    const { url, username = 'git', password, wikis } = (value ?? {}) as Partial<Credential>;
    const isSound =
      isBase(url) &&
      typeof username === 'string' &&
      typeof password === 'string' &&
      (wikis === undefined || (Array.isArray(wikis) && wikis.every(each => typeof each === 'string')));
    if (!isSound)
      throw credentialsRefused(name, 'wanted "url", "password" and, where needed, "username" and "wikis"');
    found.set(name, { url, username, password, wikis });
  }
  return found;
}

/**
 * The header `Authorization` for a repository; undefined where no credentials are asked for.
 * @throws KittiwakeError `remote_credentials_refused` when there are none of that name, or not for this wiki or URL
 */
export function authorizationFor(credentials: Credentials, use: CredentialUse): string | undefined {
  const { name, url, wiki } = use;
  if (name === '') return undefined;
  const found = credentials.get(name);
  const isMine =
    found?.wikis === undefined
      ? wiki === undefined
      : wiki === undefined || found.wikis.some(each => each === wiki.name || each === wiki.uuid);
  // Whoever may not use them learns no more than that.
  if (found === undefined || !isMine)
    throw credentialsRefused(name, 'KITTIWAKE_REMOTE_CREDENTIALS has none of that name for this wiki');
  if (!isBelow(url, found.url)) throw credentialsRefused(name, 'they are for another URL');
  return `Basic ${Buffer.from(`${found.username}:${found.password}`).toString('base64')}`;
}

/** By whole segments of the path. */
function isBelow(text: string, base: string): boolean {
  const [url, root] = [new URL(text), new URL(base)];
  const path = root.pathname.replace(/\/*$/, '/');
  return url.origin === root.origin && `${url.pathname.replace(/\/*$/, '')}/`.startsWith(path);
}

function isBase(url: unknown): url is string {
  return typeof url === 'string' && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // What is wrong with it would tell some of it.
  }
  throw credentialsRefused('…', 'the setting is no JSON object of names');
}
