import { crossSite } from '../auth/errors.ts';
import type { HttpRequest } from '../http/message.ts';

/**
 * Refuses what a page of another site asks: a name that was made to point here would otherwise let it in. Programs send no Origin.
 * @throws KittiwakeError `cross_site`
 */
export function checkOrigin({ headers }: HttpRequest): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  if (URL.parse(origin)?.host !== host) throw crossSite();
}
