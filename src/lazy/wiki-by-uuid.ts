import type { Config } from '../core/config.ts';
import { isKittiwakeError } from '../core/errors.ts';
import type { Service } from './app.ts';
import type { NamedWiki } from './tenants.ts';
import type { WikiParts } from './wiki-handles.ts';

/** A wiki that stays open until it is released. */
export interface LeasedWiki {
  wiki: WikiParts;
  /** Where there are many wikis. */
  name: string | undefined;
  release(): void;
}

/**
 * Opens the wiki of a uuid, to change it. Undefined: it is not there, or nothing may be written to it.
 * @param hint what it may be called; without it, all wikis are looked through
 */
export async function leaseWiki(
  service: Service,
  config: Pick<Config, 'tenants'>,
  uuid: string,
  hint = '',
): Promise<LeasedWiki | undefined> {
  if (config.tenants.kind === 'none') {
    if ((await service.wikiId()) !== uuid) return undefined;
    return { wiki: service, name: undefined, release: () => {} };
  }
  const tenant = (await named(service, uuid, hint)) ?? (await searched(service, uuid));
  if (tenant === undefined) return undefined;
  const { handles, release } = (await service.wikis()).lease(tenant);
  return { wiki: handles.handles, name: tenant.name, release };
}

async function named({ tenants }: Service, uuid: string, name: string): Promise<NamedWiki | undefined> {
  if (name === '') return undefined;
  try {
    const { tenant } = await (await tenants())('upkeep').show(name);
    return tenant.uuid === uuid && tenant.state === 'active' ? { name, uuid } : undefined;
  } catch (error) {
    if (isKittiwakeError(error, 'tenant_absent') || isKittiwakeError(error, 'tenant_name_invalid'))
      return undefined;
    throw error;
  }
}

async function searched({ tenants }: Service, uuid: string): Promise<NamedWiki | undefined> {
  for await (const { name, uuid: found, state } of (await tenants())('upkeep').all()) {
    if (found === uuid) return state === 'active' ? { name, uuid } : undefined;
  }
  return undefined;
}
