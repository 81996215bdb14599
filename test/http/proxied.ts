/** The settings of a wiki behind a proxy that tells who is calling. */
export const PROXY = { KITTIWAKE_AUTH_METHOD: 'PROXY_HEADER' };

/** The headers of somebody whom the proxy has let in. @param roles words with spaces between them */
export function proxied(name: string, roles = ''): Record<string, string> {
  return {
    authorization: '',
    'x-otterwiki-name': name,
    'x-otterwiki-email': `${name}@example.org`,
    'x-otterwiki-permissions': roles,
  };
}

/** The headers of somebody of whom nothing is said. */
export const NOBODY = { authorization: '' };
