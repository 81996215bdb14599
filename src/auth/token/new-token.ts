import { forbidden, tokenInvalid, tokenWider } from '../errors.ts';
import { cleanEmail, cleanName } from '../identity-text.ts';
import { covers } from '../policy/rule-tree.ts';
import { type Principal, RIGHTS, type Right } from '../principal.ts';
import type { TokenRecord } from './token.ts';
import type { NewToken, TokenOwner } from './tokens.ts';

const MAX_NAME_CHARACTERS = 100;
const MAX_PREFIX_CHARACTERS = 500;
const MAX_LIFE_MS = 100 * 366 * 24 * 3600 * 1000;

export interface TokenMaking {
  caller: Principal;
  /** uuid of the wiki. */
  wiki: string;
  /** As the wiki names its files. */
  retainPageNameCase: boolean;
  nowMs: number;
  id: string;
}

/**
 * The token that a wish comes to. Nobody makes one that reaches further than what he came with; a token makes others only where it
 * administers, since one that leaked would live on in them.
 * @throws KittiwakeError `token_invalid`, `forbidden`
 */
export function newToken(wish: NewToken, making: TokenMaking): TokenRecord {
  const { caller, wiki, nowMs, id } = making;
  if (caller.scope?.rights.includes('admin') === false) throw forbidden('admin');
  const isOperator = caller.standing === 'operator' && caller.scope === undefined;
  if (!isOperator && (wish.author !== undefined || wish.allWikis === true)) {
    throw tokenWider('and an author, or all wikis, can be given by operators only');
  }
  const name = cleanName(wish.name);
  if (name === undefined) throw tokenInvalid(`a name has 1 to ${MAX_NAME_CHARACTERS} characters of one line`);
  const rights = completed(wish.rights);
  const prefix = placeOf(wish.prefix, making) ?? caller.scope?.prefix;
  const expiresMs = expiry(wish.expiresMs, making);
  checkScope(caller, rights, prefix);
  return {
    id,
    wiki: wish.allWikis === true ? '*' : wiki,
    name,
    rights,
    ...(prefix === undefined ? {} : { prefix }),
    createdMs: nowMs,
    createdBy: caller.id,
    ...(expiresMs === undefined ? {} : { expiresMs }),
    owner: isOperator ? ownerOfBot(wish, caller, rights) : ownerOf(caller),
  };
}

/** Who a caller's tokens belong to: with a token, to its owner. */
export function ownerIdOf({ id, token }: Principal): string {
  return token?.ownerId ?? id;
}

/** What is kept of an owner. */
export function keptOwner({ id, standing, grants, names, author }: TokenOwner): TokenOwner {
  const kept = { id, standing, grants: [...grants], names: [...names] };
  return author === undefined ? kept : { ...kept, author: { name: author.name, email: author.email } };
}

function ownerOf(caller: Principal): TokenOwner {
  const names = caller.token === undefined ? caller.names : caller.names.filter(name => name !== caller.id);
  return keptOwner({ ...caller, id: ownerIdOf(caller), names });
}

/** A program that has what it was given, and is bound by rules as others are, unless it administers. */
function ownerOfBot({ author }: NewToken, caller: Principal, rights: readonly Right[]): TokenOwner {
  const standing = rights.includes('admin') ? 'admin' : 'approved';
  const owner = { id: caller.id, standing, grants: rights, names: [] } as const;
  if (author === undefined) return owner;
  const [name, email] = [cleanName(author.name), cleanEmail(author.email)];
  if (name === undefined || email === undefined)
    throw tokenInvalid('an author has a name and an e-mail address');
  return { ...owner, author: { name, email } };
}

/** In the order of {@link RIGHTS}, with what they imply. */
function completed(wished: readonly Right[]): Right[] {
  const unknown = wished.find(right => !RIGHTS.includes(right));
  if (unknown !== undefined || wished.length === 0) {
    throw tokenInvalid(`rights are at least one of ${RIGHTS.join(', ')}`);
  }
  const rights = new Set(wished);
  if (rights.has('admin')) return [...RIGHTS];
  if (rights.has('upload')) rights.add('write');
  if (rights.has('write')) rights.add('read');
  return RIGHTS.filter(right => rights.has(right));
}

function placeOf(prefix: string | undefined, { retainPageNameCase }: TokenMaking): string | undefined {
  const segments = (prefix ?? '').split('/').filter(segment => segment !== '');
  if (segments.length === 0) return undefined;
  const file = retainPageNameCase ? segments.join('/') : segments.join('/').toLowerCase();
  const path = file.replace(/\.md$/, '');
  const isSafe = segments.every(each => each !== '.' && each !== '..' && each.toLowerCase() !== '.git');
  if (!isSafe || path.length > MAX_PREFIX_CHARACTERS || !path.isWellFormed() || /[\p{Cc}\\]/u.test(path)) {
    throw tokenInvalid(`a prefix is the path of a page, of up to ${MAX_PREFIX_CHARACTERS} characters`);
  }
  return path;
}

function expiry(wished: number | undefined, { caller, nowMs }: TokenMaking): number | undefined {
  const most = caller.token?.expiresMs;
  if (wished === undefined) return most;
  if (!Number.isSafeInteger(wished) || wished <= nowMs || wished > nowMs + MAX_LIFE_MS) {
    throw tokenInvalid('it must expire in the future, within 100 years');
  }
  if (most !== undefined && wished > most)
    throw tokenWider(`which expires at ${new Date(most).toISOString()}`);
  return wished;
}

function checkScope({ scope }: Principal, rights: readonly Right[], prefix: string | undefined): void {
  if (scope === undefined) return;
  const missing = rights.find(right => !scope.rights.includes(right));
  if (missing !== undefined) throw tokenWider(`which lacks the right "${missing}"`);
  if (scope.prefix !== undefined && !covers(scope.prefix, prefix ?? '')) {
    throw tokenWider(`which ends at "${scope.prefix}"`);
  }
}
