import type { Config } from '../../core/config.ts';

/** What clients need to get a token for the MCP server of a wiki (RFC 9728). */
export interface ProtectedResource {
  /** The MCP server. */
  resource: string;
  /** Where {@link metadataOf} is told. */
  metadataUrl: string;
  issuer: string;
  /** What tokens may be asked for. Empty: their scopes mean nothing here. */
  scopes: readonly string[];
}

/** Claims in which issuers tell the scopes of a token (RFC 9068, 2.2.3; `scp` with Entra and Okta). */
const SCOPE_CLAIMS = ['scope', 'scp'];

type Settings = Pick<Config, 'jwtIssuer' | 'jwtGroupsClaim' | 'rolesRead' | 'rolesWrite' | 'rolesUpload'>;

/**
 * The MCP server of a wiki as those who give tokens out know it. The address is configured: `Host` can say anything.
 * @param wikiUrl without a slash at its end
 * @returns undefined where no issuer or no address is configured
 */
export function protectedResource(
  config: Settings,
  wikiUrl: string | undefined,
): ProtectedResource | undefined {
  const { jwtIssuer: issuer } = config;
  if (issuer === '' || wikiUrl === undefined) return undefined;
  const metadataUrl = `${wikiUrl}/.well-known/oauth-protected-resource/mcp`;
  return { resource: `${wikiUrl}/mcp`, metadataUrl, issuer, scopes: scopesOf(config) };
}

/** The words that grant rights, where rights are asked of the scopes of a token. */
function scopesOf({ jwtGroupsClaim, rolesRead, rolesWrite, rolesUpload }: Settings): readonly string[] {
  if (!SCOPE_CLAIMS.includes(jwtGroupsClaim)) return [];
  const words = [rolesRead[0], rolesWrite[0], rolesUpload[0]].filter(word => word !== undefined);
  return words.filter(word => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word));
}

/** https://www.rfc-editor.org/rfc/rfc9728#section-2 */
export function metadataOf({
  resource,
  issuer,
  scopes,
}: ProtectedResource): Readonly<Record<string, unknown>> {
  return {
    resource,
    authorization_servers: [issuer],
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    resource_name: 'Kittiwake',
  };
}
