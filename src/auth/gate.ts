import { authMissing, forbidden } from './errors.ts';
import type { Principal, Right } from './principal.ts';

/**
 * What a route asks of its caller before anything is loaded: a right of the wiki, or to be somebody (`known`), or to hold the
 * server's own key (`operator`).
 */
export type RouteAccess = Right | 'known' | 'operator';

/**
 * Refuses what no policy could allow: a token that lacks the right, a caller who is nobody. What the policy says is asked where
 * it is at hand, in the operation.
 * @throws KittiwakeError `forbidden`, `auth_missing`
 */
export function checkGate(principal: Principal, access: RouteAccess): void {
  if (principal.standing === 'operator' && principal.scope === undefined) return;
  if (access === 'operator') throw forbidden('operator');
  if (access === 'known') {
    if (principal.standing === 'anonymous') throw authMissing();
    return;
  }
  const { scope } = principal;
  if (scope !== undefined && !scope.rights.includes(access)) throw forbidden(access);
}
