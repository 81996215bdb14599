import type { ProtectedResource } from '../auth/oauth/protected-resource.ts';
import type { Environment } from './environment.ts';
import { addressOf } from './projections/mail-address.ts';

type Settings = Pick<Environment, 'config' | 'settings'>;

/**
 * What those who give tokens out know of the MCP server of a wiki, by what is configured alone.
 * @param name of the wiki among others
 */
export async function protectedResourceOf(
  environment: Settings,
  name?: string,
): Promise<ProtectedResource | undefined> {
  const { config } = environment;
  if (config.jwtIssuer === '') return undefined;
  const [{ protectedResource }, address] = await Promise.all([
    import('../auth/oauth/protected-resource.ts'),
    wikiAddress(environment, name),
  ]);
  return protectedResource(config, address);
}

/** Where a wiki is, as configured; without a slash at its end. Undefined: not configured. */
export async function wikiAddress(
  { config, settings }: Settings,
  name = config.wiki,
): Promise<string | undefined> {
  const chosen = await settings();
  return addressOf(chosen.config.apiUrl, config.tenants, name);
}
