import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { isKey } from '../../storage/object-key.ts';
import { checkAdministrator, isAdministrator } from '../administrator.ts';
import type { Audit } from '../audit/audit.ts';
import { authInvalid, forbidden, tokenNotFound, tokensFull } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../list-cursor.ts';
import type { Principal } from '../principal.ts';
import { endOne, endToken } from './end-token.ts';
import { keptOwner, newToken, ownerIdOf } from './new-token.ts';
import { sweepTokens } from './sweep.ts';
import { infoOf, ownerPrefix, type TokenRecord, tokenHash, wikiPrefix } from './token.ts';
import { type ListedToken, TokenDocuments } from './token-documents.ts';
import type { NewToken, OwnerNow, TokenInfo, TokenPage, Tokens } from './tokens.ts';

const MAX_OF_OWNER = 1_000;
const MAX_LISTED = 100;

export interface TokenServiceOptions {
  store: ByteStore;
  runtime: Runtime;
  /** uuid of the wiki. */
  wiki: string;
  /** As the wiki names its files. */
  retainPageNameCase: boolean;
  /** Told the hash of each token that was changed. */
  changed(hash: string): void;
  /** Opened for the first change. */
  audit(): Promise<Pick<Audit, 'record'>>;
  /** What a user is now. Absent: nobody keeps users. */
  ownerNow?(ownerId: string): Promise<OwnerNow>;
}

/** The tokens of one wiki. */
export class TokenService {
  readonly #options: TokenServiceOptions;
  readonly #documents: TokenDocuments;

  constructor(options: TokenServiceOptions) {
    this.#options = options;
    this.#documents = new TokenDocuments(options);
  }

  /** As one caller may use them. */
  as(caller: Principal): Tokens {
    return {
      create: wish => this.#create(wish, caller),
      list: query => this.#list(query, caller),
      read: async id => infoOf((await this.#find(id, caller)).record),
      revoke: id => this.#revoke(id, caller),
    };
  }

  /**
   * Gives all tokens of an owner its present rights and names; without an owner none of them is accepted until it is called again
   * with one. May be repeated freely.
   * @throws KittiwakeError those of {@link Swap.submit}
   */
  async updateOwner(ownerId: string, now: OwnerNow): Promise<void> {
    const prefix = ownerPrefix(this.#options.wiki, ownerId);
    for await (const { hash } of this.#documents.all(prefix)) await this.#setOwner(hash, now);
  }

  /** Removes what is left of tokens that ended a month ago, and of such that never came to be. Returns how many. */
  sweep(): Promise<number> {
    return sweepTokens(this.#options.store, this.#options);
  }

  async #create(wish: NewToken, caller: Principal): Promise<{ text: string; info: TokenInfo }> {
    const { runtime, wiki, retainPageNameCase, audit, ownerNow } = this.#options;
    if (caller.standing === 'anonymous') throw forbidden('known');
    const id = runtime.randomBytes(8).toString('hex');
    const nowMs = runtime.now();
    const record = newToken(wish, { caller, wiki, retainPageNameCase, nowMs, id });
    const { owner, name, rights, prefix = '', expiresMs = null } = record;
    if ((await this.#documents.count(ownerPrefix(record.wiki, owner.id))) >= MAX_OF_OWNER) {
      throw tokensFull(MAX_OF_OWNER);
    }
    const text = `kw_${runtime.randomBytes(32).toString('base64url')}`;
    const detail = { owner: owner.id, name, rights, prefix, expiresMs, allWikis: record.wiki === '*' };
    const event = { actor: caller.id, action: 'token.create', subject: `token:${id}`, detail };
    await (await audit()).record(event, async () => {
      await this.#documents.create(tokenHash(text), record);
      // Its owner may have been changed since the caller was recognised, when this token was not there to be changed with it.
      if (owner.id.startsWith('user:') && ownerNow) {
        await this.#setOwner(tokenHash(text), await ownerNow(owner.id));
      }
      await this.#checkMaker(caller, tokenHash(text));
    });
    return { text, info: infoOf(record) };
  }

  async #list(
    { all = false, cursor, limit = MAX_LISTED }: { all?: boolean; cursor?: string; limit?: number },
    caller: Principal,
  ): Promise<TokenPage> {
    if (all) checkAdministrator(caller);
    const prefixes = this.#prefixes(caller, all);
    const isIn = (key: string) => (prefix: string) => isKey(key) && key.startsWith(prefix);
    const after = cursor === undefined ? undefined : decodeCursor(cursor, key => prefixes.some(isIn(key)));
    const first = after === undefined ? 0 : prefixes.findIndex(isIn(after));
    const most = Math.max(1, Math.min(limit, MAX_LISTED));
    const start = after === undefined ? {} : { after };
    for (const [index, prefix] of prefixes.slice(first).entries()) {
      const page = await this.#documents.list(prefix, { limit: most, ...(index === 0 ? start : {}) });
      if (page.last === undefined) continue;
      const tokens = page.tokens.filter(each => maySee(caller, each.record)).map(each => infoOf(each.record));
      const isLast = !page.more && first + index === prefixes.length - 1;
      return isLast ? { tokens } : { tokens, nextCursor: encodeCursor(page.last) };
    }
    return { tokens: [] };
  }

  async #revoke(id: string, caller: Principal): Promise<TokenInfo> {
    const found = await this.#find(id, caller);
    const { owner, name } = found.record;
    const detail = { owner: owner.id, name };
    const event = { actor: caller.id, action: 'token.revoke', subject: `token:${id}`, detail };
    const audit = await this.#options.audit();
    return await audit.record(event, async () => {
      const revoked = await endToken(this.#documents, found, this.#options.runtime.now());
      if (revoked === undefined) throw tokenNotFound(id);
      return infoOf(revoked);
    });
  }

  /** Whoever ends a token ends what was made with it before; what is made by a process that knows it as it was has to look for itself. */
  async #checkMaker(caller: Principal, hash: string): Promise<void> {
    if (caller.token === undefined) return;
    const id = caller.id.slice('token:'.length);
    for (const wiki of [this.#options.wiki, '*']) {
      const maker = await this.#documents.find(ownerPrefix(wiki, caller.token.ownerId), id);
      if (maker !== undefined && maker.record.revokedMs === undefined) return;
    }
    await endOne(this.#documents, hash, this.#options.runtime.now());
    throw authInvalid('This token was revoked');
  }

  async #setOwner(hash: string, { owner, revision }: OwnerNow): Promise<void> {
    await this.#documents.change(hash, record => {
      const { lockedMs = this.#options.runtime.now(), ...rest } = record;
      if ((record.ownerRevision ?? 0) > revision) return undefined;
      const known = { ...rest, ownerRevision: revision };
      if (owner === undefined) return { ...known, lockedMs };
      return { ...known, owner: { ...keptOwner(owner), id: record.owner.id } };
    });
  }

  async #find(id: string, caller: Principal): Promise<ListedToken> {
    const isId = /^[0-9a-f]{16}$/.test(id);
    const prefixes = isId ? this.#prefixes(caller, isAdministrator(caller)) : [];
    for (const prefix of prefixes) {
      const found = await this.#documents.find(prefix, id);
      if (found !== undefined && maySee(caller, found.record)) return found;
    }
    throw tokenNotFound(id);
  }

  #prefixes(caller: Principal, all: boolean): string[] {
    const { wiki } = this.#options;
    const wikis = caller.standing === 'operator' ? [wiki, '*'] : [wiki];
    return wikis.map(each => (all ? wikiPrefix(each) : ownerPrefix(each, ownerIdOf(caller))));
  }
}

/** With a token, unless it administers the whole wiki, only that token itself and what was made with it. */
function maySee(caller: Principal, { id, createdBy }: TokenRecord): boolean {
  if (caller.token === undefined || isAdministrator(caller)) return true;
  return caller.id === `token:${id}` || createdBy === caller.id;
}
