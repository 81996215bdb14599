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

/** Those that wikis have, too: they answer on the domain, and beside the prefix. */
const ALSO_OWN = '/api/v1/audit';

/**
 * The name of the wiki that a request is for. `Host` alone tells it by host name: what proxies add is not looked at.
 * @throws KittiwakeError `tenant_absent` when it can be for none, `host_invalid`
 */
export function resolveTenant(setting: TenantsSetting, request: Addressed): Resolved {
  if (setting.kind === 'none' || OWN.test(request.path)) return { name: undefined, path: request.path };
  const { path, headers } = request;
  if (setting.kind === 'path') {
    return path === ALSO_OWN ? { name: undefined, path } : byPath(setting.prefix, path);
  }
  const host = hostOf(headers.host);
  if (host === setting.domain && path === ALSO_OWN) return { name: undefined, path };
  return { name: byHost(setting.domain, host), path };
}

/** In lower case, without port and final dot. */
function hostOf(header: string | undefined): string {
  if (header === undefined || header === '') throw hostInvalid('there is no Host');
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(header)) throw hostInvalid('Host must be one host name');
  return header
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
}

function byHost(domain: string, host: string): string {
  const name = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : '';
  return checked(name);
}

/** Where clients look for what is told of `PREFIX/NAME/mcp`: before its path (RFC 9728, 3.1). */
const METADATA = '/.well-known/oauth-protected-resource';

/** `PREFIX/NAME.git` is what git asks for: in the wiki that is `/.git`. */
function byPath(prefix: string, requested: string): Resolved {
  if (requested.startsWith(`${METADATA}${prefix}/`)) {
    const { name, path } = byPath(prefix, requested.slice(METADATA.length));
    return { name, path: `${METADATA}${path}` };
  }
  if (!requested.startsWith(`${prefix}/`)) throw tenantAbsent(`paths begin with ${prefix}/NAME`);
  const rest = requested.slice(prefix.length + 1);
  const end = rest.indexOf('/');
  if (end < 0) throw tenantAbsent();
  const [segment, path] = [rest.slice(0, end), rest.slice(end)];
  const isRepository = segment.endsWith('.git');
  return isRepository
    ? { name: checked(segment.slice(0, -4)), path: `/.git${path}` }
    : { name: checked(segment), path };
}

/** What is no label is not looked up. Nothing is decoded: no label needs it. */
function checked(name: string): string {
  if (!isLabel(name)) throw tenantAbsent();
  return name;
}
