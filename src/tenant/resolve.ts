import type { TenantsSetting } from '../core/access-settings.ts';
import { hostInvalid, tenantAbsent } from './errors.ts';
import { isLabel } from './tenant-name.ts';

/** What of a request tells which wiki it is for. */
export interface Addressed {
  /** As sent, percent-encoded, without the query. */
  path: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
}

export interface Resolved {
  /** Undefined: the request is for the server itself. */
  name: string | undefined;
  /** As the wiki has it. */
  path: string;
}

/** Routes of the server itself: they answer on any host, and beside the prefix. */
const OWN = /^\/api\/v1\/(?:health|openapi\.json|tenants(?:\/[^/]*)*)$/;

/**
 * The name of the wiki that a request is for. `Host` alone tells it by host name: what proxies add is not looked at.
 * @throws KittiwakeError `tenant_absent` when it can be for none, `host_invalid`
 */
export function resolveTenant(setting: TenantsSetting, request: Addressed): Resolved {
  if (setting.kind === 'none' || OWN.test(request.path)) return { name: undefined, path: request.path };
  if (setting.kind === 'path') return byPath(setting.prefix, request.path);
  return { name: byHost(setting.domain, request.headers.host), path: request.path };
}

function byHost(domain: string, header: string | undefined): string {
  if (header === undefined || header === '') throw hostInvalid('there is no Host');
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(header)) throw hostInvalid('Host must be one host name');
  const host = header
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  const name = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : '';
  return checked(name);
}

function byPath(prefix: string, path: string): Resolved {
  if (!path.startsWith(`${prefix}/`)) throw tenantAbsent();
  const rest = path.slice(prefix.length + 1);
  const end = rest.indexOf('/');
  if (end < 0) throw tenantAbsent();
  return { name: checked(rest.slice(0, end)), path: rest.slice(end) };
}

/** What is no label is not looked up. Nothing is decoded: no label needs it. */
function checked(name: string): string {
  if (!isLabel(name)) throw tenantAbsent();
  return name;
}
