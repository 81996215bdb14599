import { forbidden } from './errors.ts';
import type { Principal } from './principal.ts';

/**
 * Refuses who does not administer the whole wiki: what concerns users and the audit log has no path that a rule could cover, and a
 * token with a prefix reaches nothing beside it.
 * @throws KittiwakeError `forbidden`
 */
export function checkAdministrator({ standing, scope }: Principal): void {
  const isScoped = scope !== undefined && (!scope.rights.includes('admin') || scope.prefix !== undefined);
  if ((standing !== 'admin' && standing !== 'operator') || isScoped) throw forbidden('admin');
}
