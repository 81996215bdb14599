import { metadataOf } from '../auth/oauth/protected-resource.ts';
import { type HttpResponse, json } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { issuerUnset } from './errors.ts';

/** Everybody may know it, pages of other sites too. */
const HEADERS = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };

/** What clients need to get a token (RFC 9728). @throws KittiwakeError `issuer_unset` */
export async function resourceMetadata({ services }: Context): Promise<HttpResponse> {
  const resource = await (await services.projections()).protectedResource();
  if (resource === undefined) throw issuerUnset();
  return json(200, metadataOf(resource), HEADERS);
}
