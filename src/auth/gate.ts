import { authMissing, forbidden } from './errors.ts';
import type { Principal, Right } from './principal.ts';

/**
 * What a route asks of its caller before anything is loaded: a right of the wiki, or to be somebody (`known`), or to hold the
 * server's own key (`operator`).
 */
export type RouteAccess = Right | 'known' | 'operator';

/**
 * Refuses what no policy could allow: a token that lacks the right, a caller who is nobody where nothing is open to everybody.
 * What the policy says of others is asked where it is at hand, in the operation.
 * @param wiki tells what is open to everybody
 * @throws KittiwakeError `forbidden`, `auth_missing`
 */
export function checkGate(
  principal: Principal,
  access: RouteAccess,
  wiki: { opens(right: Right): Promise<boolean> },
): Promise<void> | undefined {
  const { standing, scope } = principal;
  if (standing === 'operator' && scope === undefined) return undefined;
  if (access === 'operator') throw forbidden('operator');
  if (access === 'known') {
    if (standing === 'anonymous') throw authMissing();
    return undefined;
  }
  if (scope !== undefined && !scope.rights.includes(access)) throw forbidden(access);
  return standing === 'anonymous' ? mustBeOpen(access, wiki) : undefined;
}

async function mustBeOpen(right: Right, wiki: { opens(right: Right): Promise<boolean> }): Promise<void> {
  if (right === 'admin' || !(await wiki.opens(right))) throw authMissing();
}
