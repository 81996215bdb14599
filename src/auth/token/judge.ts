import { authInvalid, tokenOfOtherWiki } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { TokenRecord } from './token.ts';

/** A token as it was read, and whom it stands for: one object for as long as it does not change. */
export interface CheckedToken {
  record: TokenRecord;
  principal: Principal;
}

/**
 * Whom the token stands for now. Who sends it holds it, so that he may be told what is wrong with it.
 * @param wiki uuid of the wiki that it is used for
 * @throws KittiwakeError `auth_invalid`, `token_of_other_wiki`
 */
export function judge({ record, principal }: CheckedToken, wiki: string, nowMs: number): Principal {
  if (record.wiki !== '*' && record.wiki !== wiki) throw tokenOfOtherWiki();
  if (record.revokedMs !== undefined) throw authInvalid('This token was revoked');
  if (record.lockedMs !== undefined)
    throw authInvalid('The owner of this token may not use the wiki any more');
  if (record.expiresMs !== undefined && record.expiresMs <= nowMs)
    throw authInvalid('This token has expired');
  return principal;
}

export function tokenPrincipal({ id, owner, rights, prefix, expiresMs }: TokenRecord): Principal {
  const { standing, grants, names, author } = owner;
  return {
    id: `token:${id}`,
    standing,
    grants,
    names: [`token:${id}`, ...names],
    scope: { rights, ...(prefix === undefined ? {} : { prefix }) },
    token: { ownerId: owner.id, ...(expiresMs === undefined ? {} : { expiresMs }) },
    ...(author === undefined ? {} : { author }),
  };
}
