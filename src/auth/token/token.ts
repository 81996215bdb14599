import { sha256 } from '../../core/bytes.ts';
import { documentFormat } from '../../swap/document.ts';
import type { Right } from '../principal.ts';
import type { TokenInfo, TokenOwner } from './tokens.ts';

/** What is kept of a token: all but its text. It lies under the SHA-256 of the text. */
export interface TokenRecord {
  id: string;
  /** uuid, or `*` for all wikis. */
  wiki: string;
  name: string;
  rights: readonly Right[];
  prefix?: string;
  createdMs: number;
  createdBy: string;
  expiresMs?: number;
  revokedMs?: number;
  lockedMs?: number;
  owner: TokenOwner;
  /** See {@link OwnerNow}. Absent: its owner has not changed since it was made. */
  ownerRevision?: number;
}

export const tokenFormat = documentFormat('token 1', parseRecord);

export function tokenHash(text: string): string {
  return sha256(text).toString('hex');
}

/** Where a token's document lies. */
export function tokenKey(hash: string): string {
  return `auth/${hash}`;
}

/**
 * Where it is noted, by wiki and owner, which tokens there are, so that a list needs no database. It is written before the token, and
 * means nothing without it.
 */
export function indexKey({ wiki, owner, id }: TokenRecord, hash: string): string {
  return `${ownerPrefix(wiki, owner.id)}${id}.${hash}`;
}

/** The id and the hash in such a key; undefined when it is none. */
export function indexed(key: string): { id: string; hash: string } | undefined {
  const [, id, hash] = /\/([0-9a-f]{16})\.([0-9a-f]{64})$/.exec(key) ?? [];
  return id === undefined || hash === undefined ? undefined : { id, hash };
}

export function ownerPrefix(wiki: string, ownerId: string): string {
  return `${wikiPrefix(wiki)}${sha256(ownerId).toString('hex', 0, 16)}/`;
}

/**
 * Where the tokens are noted that an owner has by way of a token of this wiki; by way of one for all wikis they may be those of any, and
 * `isMeant` tells which keys below `prefix` are such.
 */
export function ownedKeys(
  wiki: string,
  ownerId: string,
): { prefix: string; isMeant?: (key: string) => boolean } {
  if (wiki !== '*') return { prefix: ownerPrefix(wiki, ownerId) };
  const owner = ownerPrefix('*', ownerId).slice(wikiPrefix('*').length);
  return { prefix: 'tokens/', isMeant: key => key.includes(`/${owner}`) };
}

export function wikiPrefix(wiki: string): string {
  return `tokens/${wiki === '*' ? 'all' : wiki}/`;
}

export function infoOf(record: TokenRecord): TokenInfo {
  const { wiki, owner, ownerRevision: _, ...rest } = record;
  const { id: ownerId, author } = owner;
  return { ...rest, ownerId, allWikis: wiki === '*', ...(author ? { author } : {}) };
}

function parseRecord(body: unknown): TokenRecord {
  const record = body as Partial<TokenRecord> | null;
  const isWhole =
    typeof record?.id === 'string' &&
    typeof record.wiki === 'string' &&
    Array.isArray(record.rights) &&
    typeof record.owner?.id === 'string' &&
    typeof record.owner.standing === 'string' &&
    Array.isArray(record.owner.grants) &&
    Array.isArray(record.owner.names);
  if (!isWhole) throw new TypeError('a field of the token is missing');
  return record as TokenRecord;
}
