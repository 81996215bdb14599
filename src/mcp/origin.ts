import { crossSite } from '../auth/errors.ts';
import type { Context } from '../http/route.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Refuses what pages ask but those of the wiki's own address, or of this machine. Programs send no Origin. That it agrees with Host
 * is not enough: a name that was made to point here is in both.
 * @throws KittiwakeError `cross_site`
 */
export async function checkOrigin({
  request,
  services,
}: Pick<Context, 'request' | 'services'>): Promise<void> {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  const page = URL.parse(origin);
  if (page === null) throw crossSite();
  if (page.host === host && LOOPBACK.test(page.hostname)) return;
  const address = await (await services.projections()).address();
  if (address === undefined || new URL(address).origin !== page.origin) throw crossSite();
}
