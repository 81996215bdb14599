import { remoteUrlRefused } from '../errors.ts';

/** Where a repository is, and what it is asked with. */
export interface RemoteUrl {
  /** Without user name and password, and without a slash at its end: to be shown, logged and kept. */
  shown: string;
  /** The header `Authorization`, from the URL's user name and password. */
  authorization: string | undefined;
}

/** True for what looks like the URL of a repository that is fetched over HTTP. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** @throws KittiwakeError `remote_url_refused` */
export function parseRemoteUrl(text: string): RemoteUrl {
  const url = URL.parse(text);
  if (url === null || !isHttpUrl(url.href)) throw remoteUrlRefused('…', 'it is no URL of https or http');
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const shown = url.href.replace(/\/+$/, '');
  if (url.hash !== '' || url.search !== '')
    throw remoteUrlRefused(`${url.origin}${url.pathname}`, 'a query or a fragment means nothing to git');
  return { shown, authorization: basic(shown, username, password) };
}

function basic(shown: string, username: string, password: string): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    throw remoteUrlRefused(shown, 'its user name or password is not percent-encoded UTF-8');
  }
}
