import type { Config } from '../../core/config.ts';
import { cleanEmail, cleanGroups, cleanName } from '../identity-text.ts';
import type { Principal } from '../principal.ts';
import { type RoleSettings, rightsOf } from '../roles.ts';
import { emailKey } from '../user/user.ts';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Whom the claims of a verified JWT speak of; undefined when the subject is none. An e-mail address that the issuer does not
 * say to be verified, where it says anything of that, counts for nothing.
 */
export function jwtPrincipal(
  claims: Claims,
  settings: RoleSettings & Pick<Config, 'jwtGroupsClaim'>,
): Principal | undefined {
  const [subject] = cleanGroups([claims.sub]);
  if (subject === undefined) return undefined;
  const groups = cleanGroups(listOf(claims[settings.jwtGroupsClaim]));
  const isVerified = !('email_verified' in claims) || String(claims.email_verified) === 'true';
  const email = isVerified ? cleanEmail(String(claims.email ?? '')) : undefined;
  const name = cleanName(String(claims.name ?? claims.preferred_username ?? ''));
  return {
    id: `jwt:${subject}`,
    ...rightsOf(groups, settings),
    ...(email === undefined ? {} : { author: { name: name ?? email, email } }),
    names: [
      ...(email === undefined ? [] : [`user:${emailKey(email)}`]),
      ...groups.map(group => `group:${group}`),
    ],
  };
}

/** Issuers write lists as lists, or as words. */
function listOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  return typeof claim === 'string' ? claim.split(' ') : [];
}
