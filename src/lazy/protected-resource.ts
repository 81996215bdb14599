import type { ProtectedResource } from '../auth/oauth/protected-resource.ts';
import type { Environment } from './environment.ts';
import { addressOf } from './projections/mail-address.ts';

/**
 * What those who give tokens out know of the MCP server of a wiki, by what is configured alone.
 * @param name of the wiki among others
 */
export async function protectedResourceOf(
  { config, settings }: Pick<Environment, 'config' | 'settings'>,
  name = config.wiki,
): Promise<ProtectedResource | undefined> {
  if (config.jwtIssuer === '') return undefined;
  const [{ protectedResource }, chosen] = await Promise.all([
    import('../auth/oauth/protected-resource.ts'),
    settings(),
  ]);
  return protectedResource(config, addressOf(chosen.config.apiUrl, config.tenants, name));
}
