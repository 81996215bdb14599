import type { Right, Standing } from '../principal.ts';

/** Whom a token speaks for, as it was when the token was made or its owner was last changed. */
export interface TokenOwner {
  /** Id of a principal: `user:3f2a…`, `jwt:…`; `api-key` for those that operators made. */
  id: string;
  standing: Standing;
  grants: readonly Right[];
  names: readonly string[];
  author?: { name: string; email: string };
}

/** What an owner is now, for the tokens that it has. */
export interface OwnerNow {
  /** Absent: it is locked or gone, and its tokens are refused until there is one again. */
  owner?: TokenOwner;
  /**
   * Rises with each change of the owner. What a token knows of a later one stays: a process may have been paused between reading the
   * owner and telling its tokens.
   */
  revision: number;
}

/** What can be known of a token; its text cannot. */
export interface TokenInfo {
  /** 16 hex digits. Not a secret. */
  id: string;
  name: string;
  ownerId: string;
  /** What it may be used for, as far as its owner may do that. */
  rights: readonly Right[];
  /** Page path: nothing outside it can be reached. Absent: the whole wiki. */
  prefix?: string;
  /** True: for all wikis of the server. */
  allWikis: boolean;
  createdMs: number;
  /** Id of the principal that made it. */
  createdBy: string;
  expiresMs?: number;
  revokedMs?: number;
  /** Since when its owner may not come in. */
  lockedMs?: number;
  author?: { name: string; email: string };
}

export interface NewToken {
  /** 1 to 100 characters. */
  name: string;
  /** What they imply is added: `write` implies `read`, `upload` both, `admin` all. */
  rights: readonly Right[];
  prefix?: string | undefined;
  /** Default: what the token that asks for it has; else never. */
  expiresMs?: number | undefined;
  /** Whom its commits name. Operators only; default: whom those of its owner name. */
  author?: { name: string; email: string } | undefined;
  /** Operators only. Default: false. */
  allWikis?: boolean | undefined;
}

/** The tokens of one wiki as one caller may see and change them. */
export interface Tokens {
  /**
   * Makes a token of the caller's own; `text` is shown this once. With a token only where that has the right `admin`.
   * @throws KittiwakeError `token_invalid`, `forbidden` (wider than the caller), `tokens_full`, `auth_invalid` (the caller's own token
   *   has ended meanwhile); those of {@link Swap.create}
   */
  create(wish: NewToken): Promise<{ text: string; info: TokenInfo }>;
  /**
   * Oldest first by owner and id: the caller's own, or with `all` (administrators) everybody's.
   * @throws KittiwakeError `forbidden`, `cursor_invalid`
   */
  list(query: { all?: boolean; cursor?: string; limit?: number }): Promise<TokenPage>;
  /** @throws KittiwakeError `token_not_found`, also for one that the caller may not see */
  read(id: string): Promise<TokenInfo>;
  /**
   * Ends a token for good, and those that were made with it; in this process at once, in others within the staleness that is set.
   * Again does nothing.
   * @throws KittiwakeError `token_not_found`; those of {@link Swap.submit}
   */
  revoke(id: string): Promise<TokenInfo>;
}

export interface TokenPage {
  tokens: TokenInfo[];
  nextCursor?: string;
}
