import type { TenantsSetting } from '../../core/access-settings.ts';

/**
 * The address of one wiki below that of the server, without a slash at its end. Never from what a request says.
 * @param base as configured; empty: not configured
 * @param name of the wiki among others
 * @returns undefined when it is not known
 */
export function addressOf(base: string, tenants: TenantsSetting, name: string): string | undefined {
  if (base === '') return undefined;
  if (tenants.kind === 'none') return base;
  if (tenants.kind === 'path') return `${base}${tenants.prefix}/${name}`;
  const url = new URL(base);
  url.hostname = `${name}.${tenants.domain}`;
  return url.href.replace(/\/+$/, '');
}

/** What stands after the `@` of Message-IDs. */
export function mailHost(...addresses: (string | undefined)[]): string {
  for (const address of addresses) {
    const { hostname = '' } = (address !== undefined && URL.parse(address)) || {};
    if (/^[\w.-]+$/.test(hostname)) return hostname;
  }
  return 'kittiwake';
}
