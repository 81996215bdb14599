import type { HttpRequest } from '../http/message.ts';
import type { Located, Site } from '../http/services.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Tenant } from '../tenant/tenant-directory.ts';
import type { Environment } from './environment.ts';
import type { Lazy } from './lazy.ts';
import { type Lease, TenantCache } from './tenant-cache.ts';
import { createWikiHandles, type WikiHandles } from './wiki-handles.ts';

/** One of many wikis. */
export type NamedWiki = Tenant;

export interface ManyWikisOptions {
  environment: Omit<Environment, 'committed'>;
  store: Lazy<ByteStore>;
  /** How many requests have come until now. */
  arrivals(): number;
  /** Called after each commit of this process. */
  committed(tenant: Tenant): void;
}

/** The wikis of a server that serves many. */
export interface ManyWikis {
  /** Finds the wiki of a request. @throws KittiwakeError as `resolveTenant`, `TenantDirectory.find` */
  locate(request: HttpRequest, sites: Sites): Located | Promise<Located>;
  /** The right to use a wiki that is known, whether or not it is served. */
  lease(tenant: Tenant): Lease<OpenTenant>;
  /** To be called when a wiki has changed: the next request asks for its record, and opens it anew. */
  forget(tenant: Tenant): void;
  /** How many wikis are open. */
  openCount(): number;
  close(): Promise<void>;
}

/** Makes what requests reach. */
export interface Sites {
  of(handles: WikiHandles): Site;
  /** What is for the server itself. */
  server: Site;
}

export interface OpenTenant {
  readonly handles: WikiHandles;
  /** Made by its first request. */
  site: Site | undefined;
  close(): Promise<void>;
}

/** Refusals after which what is known of a wiki is forgotten: its ledger is gone, or that of another one. */
const GONE = new Set(['object_replaced', 'object_lost', 'wiki_absent', 'wiki_lost']);

/** Of the memory for blocks of maps, which one wiki alone would have a quarter of. */
const BLOCK_CACHE_BYTES = 256 << 20;

export async function createManyWikis(options: ManyWikisOptions): Promise<ManyWikis> {
  const { environment, store } = options;
  const { config, runtime, log } = environment;
  const [{ TenantDirectory }, { resolveTenant }] = await Promise.all([
    import('../tenant/tenant-directory.ts'),
    import('../tenant/resolve.ts'),
  ]);
  const cache = new TenantCache<OpenTenant>({
    maxOpen: config.tenantCache,
    open: (uuid, name) => openTenant({ name, uuid }, options),
    onError: error => log.failure('tenant_close_failed', error),
  });
  const gone = ({ uuid }: Tenant) => cache.drop(uuid);
  const directory = new TenantDirectory({ store, runtime, onGone: gone });
  const forget = (tenant: Tenant) => {
    directory.forget(tenant.name);
    gone(tenant);
  };
  return {
    locate(request, sites) {
      const { name, path } = resolveTenant(config.tenants, request);
      if (name === undefined) return { site: sites.server, request };
      const found = directory.find(name);
      const located = ({ tenant, refreshing }: Awaited<typeof found>): Located => {
        const { handles: open, release } = cache.lease(tenant.uuid, tenant.name);
        open.site ??= sites.of(open.handles);
        const settle: Located['settle'] = failure => {
          release();
          if (failure && GONE.has(failure.code)) forget(tenant);
          return refreshing;
        };
        const own = path === request.path ? request : { ...request, path };
        return { site: open.site, request: own, name: tenant.name, settle };
      };
      return found instanceof Promise ? found.then(located) : located(found);
    },
    lease: ({ uuid, name }) => cache.lease(uuid, name),
    forget,
    openCount: () => cache.size,
    close: () => cache.close(),
  };
}

function openTenant(
  tenant: Tenant,
  { environment, store, arrivals, committed }: ManyWikisOptions,
): OpenTenant {
  const { config } = environment;
  const own: Environment = {
    ...environment,
    config: { ...config, wiki: tenant.name },
    known: tenant,
    blockCacheBytes: Math.max(
      4 << 20,
      Math.min(64 << 20, Math.floor(BLOCK_CACHE_BYTES / config.tenantCache)),
    ),
    committed: () => committed(tenant),
  };
  const handles = createWikiHandles(own, store, arrivals);
  return { handles, site: undefined, close: () => handles.close() };
}
