import type { HttpRequest } from '../http/message.ts';
import type { Located, Services, Site } from '../http/services.ts';
import { type Identification, identifyingSite } from './auth.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';
import type { TenantAdministration } from './tenant-admin.ts';
import type { ManyWikis } from './tenants.ts';
import type { WikiHandles } from './wiki-handles.ts';

export interface LocateOptions {
  environment: Environment;
  identification: Identification;
  wikis: Lazy<ManyWikis>;
  administration: Lazy<TenantAdministration>;
}

type Locate = (request: HttpRequest) => Located | Promise<Located>;

/** Finds the wiki of a request among many. */
export async function createLocate(options: LocateOptions): Promise<Locate> {
  const { identification, wikis } = options;
  const of = ({ site, wikiId, users }: WikiHandles) =>
    identifyingSite(identification, site, { wikiId, users });
  const [many, server] = await Promise.all([wikis(), serverSite(options)]);
  return request => many.locate(request, { of, server });
}

/** What is for the server itself. It has no wiki, no users, and opens nothing to anybody. */
async function serverSite({ environment, identification, administration }: LocateOptions): Promise<Site> {
  const [{ tenants, audit }, { tenantAbsent }, { auditFor }, { checkOperator }] = await Promise.all([
    administration(),
    import('../tenant/errors.ts'),
    import('../auth/audit/audit-log.ts'),
    import('../auth/administrator.ts'),
  ]);
  const wikiId = lazy('server_id', environment.recorder, () => 'server');
  const absent = () => Promise.reject(tenantAbsent());
  // Whatever services there are: a wiki's are not to be had here.
  const none = new Proxy({} as Services, { get: () => absent });
  const as: Site['as'] = principal =>
    Object.assign(Object.create(none), {
      tenants: async () => (await tenants())(principal.id),
      audit: async () => {
        checkOperator(principal);
        return auditFor(await audit(), principal);
      },
    });
  return identifyingSite(identification, { as, opens: async () => false }, { wikiId });
}
