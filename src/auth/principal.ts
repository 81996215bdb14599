/** What may be done to a wiki. `write` counts only with `read`, `upload` only with both. */
export const RIGHTS = ['read', 'write', 'upload', 'admin'] as const;

export type Right = (typeof RIGHTS)[number];

/**
 * How well a caller is known, from not at all to all: `registered` has proved who it is, `approved` was let in by an
 * administrator, `admin` administers the wiki, `operator` holds the server's own key and administers all wikis.
 */
export const STANDINGS = ['anonymous', 'registered', 'approved', 'admin', 'operator'] as const;

export type Standing = (typeof STANDINGS)[number];

/** Who a request comes from, and what is known of the caller whatever the wiki's policy says. */
export interface Principal {
  /**
   * Stable: `api-key`, `command-line`, `anonymous`, `token:<id>`, `user:<id>`, `jwt:<subject>`, `proxy:<e-mail>`. Part of the scope of an
   * Idempotency-Key, of drafts and of limits; written to the audit log.
   */
  id: string;
  /** Whom the caller's commits name. Absent: the wiki's author. */
  author?: { name: string; email: string };
  standing: Standing;
  /** Rights beyond those that the areas are open with: flags of a user, roles of a proxy. */
  grants: readonly Right[];
  /** What rules know the caller by, besides the standing: `user:anna@example.org`, `group:staff`, `token:3fa9`. */
  names: readonly string[];
  /** A token's limits, which hold whoever it belongs to. Absent: none. */
  scope?: Scope;
  /** The token that it came with. Absent: it came otherwise. */
  token?: { ownerId: string; expiresMs?: number };
}

export interface Scope {
  rights: readonly Right[];
  /** Page path, normalised: nothing outside it can be reached. Absent: the whole wiki. */
  prefix?: string;
}

/** Who stands behind a caller: the owner of its token, unless that is a program of its own, which an operator made it for. */
export function accountOf({ id, token }: Principal): string {
  return token !== undefined && /^(?:user|jwt|proxy):/.test(token.ownerId) ? token.ownerId : id;
}

/** Nobody in particular. */
export const ANONYMOUS: Principal = { id: 'anonymous', standing: 'anonymous', grants: [], names: [] };

/** The holder of the server's own key: everything, everywhere. */
export const OPERATOR: Principal = { id: 'api-key', standing: 'operator', grants: [], names: [] };
