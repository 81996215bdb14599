import type { Config } from '../core/config.ts';
import { RIGHTS, type Right, type Standing } from './principal.ts';

export type RoleSettings = Pick<Config, 'rolesRead' | 'rolesWrite' | 'rolesUpload' | 'rolesAdmin'>;

/**
 * What the roles of a proxy, or the groups of a JWT, come to. Who has none of them is known all the same: an area that is open to
 * REGISTERED is open to them.
 */
export function rightsOf(
  roles: readonly string[],
  settings: RoleSettings,
): { standing: Standing; grants: readonly Right[] } {
  const words: Readonly<Record<Right, readonly string[]>> = {
    read: settings.rolesRead,
    write: settings.rolesWrite,
    upload: settings.rolesUpload,
    admin: settings.rolesAdmin,
  };
  const grants = RIGHTS.filter(right => words[right].some(word => roles.includes(word)));
  return { standing: grants.includes('admin') ? 'admin' : 'registered', grants };
}
