import type { ProtectedResource } from '../auth/oauth/protected-resource.ts';
import type { KittiwakeError } from '../core/errors.ts';
import { statusOf } from './status.ts';

/** Where tokens for the MCP server of a wiki come from; undefined where no issuer is configured. @param name among others */
export type ProtectedResourceOf = (name: string | undefined) => Promise<ProtectedResource | undefined>;

/** Git's paths (gitprotocol-http(5)). */
const GIT = /\/(?:info\/refs|git-(?:upload|receive)-pack)$/;
const API = '/api/v1/';
const MCP = /^\/mcp\/?$/;

/**
 * `WWW-Authenticate` of a refusal; undefined where there is none. Clients of MCP are told where they get a token, and that another
 * one with more scope would do (RFC 9728, 5.1; RFC 6750, 3).
 * @param path as the wiki has it
 */
export async function challengeOf(
  error: KittiwakeError,
  path: string | undefined,
  resource: () => Promise<ProtectedResource | undefined>,
): Promise<string | undefined> {
  const isUnknown = statusOf(error) === 401;
  if (path !== undefined && MCP.test(path) && (isUnknown || error.code === 'forbidden'))
    return bearer(error, await resource());
  if (!isUnknown) return undefined;
  // Git sends nothing else, and asks for a password only where it is challenged so.
  return path !== undefined && isGitPath(path) ? 'Basic realm="Kittiwake", charset="UTF-8"' : 'Bearer';
}

/** True for what git asks for: it shows people what is plain text. */
export function isGitPath(path: string): boolean {
  return GIT.test(path) && !path.includes(API);
}

function bearer({ code }: KittiwakeError, resource: ProtectedResource | undefined): string | undefined {
  if (resource === undefined) return code === 'forbidden' ? undefined : 'Bearer';
  const { metadataUrl, scopes } = resource;
  const fault = FAULTS[code];
  const parameters = [
    ...(fault === undefined ? [] : [`error="${fault}"`]),
    `resource_metadata="${metadataUrl}"`,
    ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`]),
  ];
  return `Bearer ${parameters.join(', ')}`;
}

const FAULTS: Readonly<Record<string, string>> = {
  auth_invalid: 'invalid_token',
  forbidden: 'insufficient_scope',
};
