import type { ProjectionConfig } from '../core/projection-config.ts';
import type { App, HttpRequest } from '../http/message.ts';
import type { ServedSite } from '../http/site/site-response.ts';
import type { Service, ServiceOptions } from './app.ts';

/** What a server answers: the published sites, and the API. */
export async function openSiteServer(
  service: Service,
  { config, runtime, log }: ServiceOptions,
  settings: ProjectionConfig,
): Promise<App> {
  if (!settings.site) return service.app;
  const [{ createSiteApp, isForSite }, { publishedObjects }, { renderNotFound }, { siteInfoOf }] =
    await Promise.all([
      import('../http/site/site-app.ts'),
      import('../projection/site/published-objects.ts'),
      import('../projection/site/theme/notices.ts'),
      import('../projection/site/theme/site-info.ts'),
    ]);
  const info = siteInfoOf(settings);
  const notFound = (root: string) => renderNotFound(info, root);
  const find =
    config.tenants.kind === 'none' ? findOnly(service) : await findAmongMany(service, config, runtime);
  return createSiteApp({
    api: service.app,
    runtime,
    log,
    async locate(request) {
      const found = await find(request);
      if (found === undefined || !isForSite(found.path, request.query)) return undefined;
      const { wikiId, root, path } = found;
      return { root, path, notFound, objects: publishedObjects(await service.store(), await wikiId()) };
    },
  });
}

type FoundSite = Pick<ServedSite, 'root' | 'path'> & { wikiId(): Promise<string> };

type Find = (request: HttpRequest) => Promise<FoundSite | undefined>;

function findOnly({ wikiId }: Service): Find {
  return async ({ path }) => ({ wikiId, root: '/', path });
}

/** The API says what is wrong with requests that are for no wiki. */
async function findAmongMany(
  { store }: Service,
  { tenants }: ServiceOptions['config'],
  runtime: ServiceOptions['runtime'],
): Promise<Find> {
  const [{ TenantDirectory }, { resolveTenant }, { isKittiwakeError }] = await Promise.all([
    import('../tenant/tenant-directory.ts'),
    import('../tenant/resolve.ts'),
    import('../core/errors.ts'),
  ]);
  const directory = new TenantDirectory({ store, runtime });
  const find: Find = async request => {
    const { name, path } = resolveTenant(tenants, request);
    if (name === undefined) return undefined;
    const { tenant, refreshing } = await directory.find(name);
    void refreshing;
    const root = request.path.slice(0, request.path.length - path.length);
    return { wikiId: async () => tenant.uuid, root: `${root}/`, path };
  };
  return request =>
    find(withSlash(request, tenants)).catch(error => {
      if (isKittiwakeError(error)) return undefined;
      throw error;
    });
}

/** The base of a wiki below a prefix ends with a slash; without it links would lead beside it. */
function withSlash(request: HttpRequest, tenants: ServiceOptions['config']['tenants']): HttpRequest {
  if (tenants.kind !== 'path' || !request.path.startsWith(`${tenants.prefix}/`)) return request;
  const isBare = !request.path.slice(tenants.prefix.length + 1).includes('/');
  return isBare ? { ...request, path: `${request.path}//` } : request;
}
