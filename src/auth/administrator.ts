import { forbidden } from './errors.ts';
import type { Principal } from './principal.ts';

/**
 * Whether a caller administers the whole wiki: what concerns users, tokens and the audit log has no path that a rule could cover, and a
 * token with a prefix reaches nothing beside it.
 */
export function isAdministrator({ standing, scope }: Principal): boolean {
  if (standing !== 'admin' && standing !== 'operator') return false;
  return scope === undefined || (scope.rights.includes('admin') && scope.prefix === undefined);
}

/** @throws KittiwakeError `forbidden` for who is no {@link isAdministrator} */
export function checkAdministrator(principal: Principal): void {
  if (!isAdministrator(principal)) throw forbidden('admin');
}

/**
 * Whoever administers a wiki, or all of them by a token or a role, does not administer the server.
 * @throws KittiwakeError `forbidden`
 */
export function checkOperator({ standing, scope }: Principal): void {
  if (standing !== 'operator' || scope !== undefined) throw forbidden('operator');
}
