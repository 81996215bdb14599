import type { Config } from '../../core/config.ts';
import { cleanEmail, cleanGroups, cleanName } from '../identity-text.ts';
import { ANONYMOUS, type Principal } from '../principal.ts';
import { type RoleSettings, rightsOf } from '../roles.ts';
import { emailKey } from '../user/user.ts';

export type ProxySettings = RoleSettings &
  Pick<Config, 'authHeaderName' | 'authHeaderEmail' | 'authHeaderRoles'>;

/** Whom the proxy does not name may do nothing, also where a wiki is open to everybody. */
export const UNKNOWN: Principal = { ...ANONYMOUS, scope: { rights: [] } };

/**
 * Whom the proxy in front says is calling. To be asked only when it was the proxy who said it.
 * @param headers names in lower case
 */
export function proxyPrincipal(
  headers: Readonly<Record<string, string>>,
  settings: ProxySettings,
): Principal {
  const name = cleanName(decoded(headers[settings.authHeaderName]));
  const email = cleanEmail(decoded(headers[settings.authHeaderEmail]));
  if (name === undefined || email === undefined) return UNKNOWN;
  const roles = cleanGroups(decoded(headers[settings.authHeaderRoles]).split(/[\s,]+/));
  return {
    id: `proxy:${emailKey(email)}`,
    author: { name, email },
    ...rightsOf(roles, settings),
    names: [`user:${emailKey(email)}`, ...roles.map(role => `group:${role}`)],
  };
}

/** Headers are bytes, which Node reads as Latin-1; proxies send UTF-8. */
function decoded(value = ''): string {
  if (/^[\x20-\x7e]*$/.test(value) || /[^\0-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return process.getBuiltinModule('node:buffer').isUtf8(bytes) ? bytes.toString('utf8') : value;
}
