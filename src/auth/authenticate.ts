import type { Config, Secrets } from '../core/config.ts';
import type { Runtime } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { apiKeyUnset, authInvalid, authMissing, crossSite } from './errors.ts';
import type { JwtVerifier } from './jwt/jwt-verifier.ts';
import { type Arrival, callerAddress } from './limit/caller-address.ts';
import type { FailedAttempts } from './limit/failed-attempts.ts';
import { ANONYMOUS, OPERATOR, type Principal } from './principal.ts';
import { isThroughDoor } from './proxy/door.ts';
import { createKeyCheck, type KeyCheck } from './shared-keys.ts';
import type { TokenChecks, WikiIdentity } from './token/token-checks.ts';

export interface AuthenticationOptions {
  config: Config;
  secrets: Secrets;
  store(): Promise<ByteStore>;
  runtime: Runtime;
  /** Whoever connects is believed who is calling, without the origin secret. */
  trustsPeers: boolean;
}

/** What is asked of the wiki that a request is for. */
export interface KnownWiki {
  wikiId: WikiIdentity;
  /** Its users; undefined when it has none. Absent: it cannot have any. */
  users?(): Promise<PasswordCheck | undefined>;
}

export interface PasswordCheck {
  /** Undefined when that is not the password, or there is no such user. */
  verify(email: string, password: string): Promise<Principal | undefined>;
}

type Beside = (work: Promise<unknown>) => void;

/**
 * Finds out who is calling. At once, and without asking or loading anything, when that is the holder of a shared key, nobody in
 * particular, or the holder of a token that was checked lately. One for each process.
 */
export class Authenticator {
  readonly #options: AuthenticationOptions;
  readonly #keys: KeyCheck;
  #attempts: FailedAttempts | undefined;
  #tokens: TokenChecks | undefined;
  #jwts: JwtVerifier | undefined;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
    this.#keys = createKeyCheck(options.secrets);
  }

  /**
   * @param beside gets what need not be waited for but by the answer; it never rejects
   * @throws KittiwakeError `auth_missing`, `auth_invalid`, `api_key_unset`, `token_of_other_wiki`, `rate_limited`, `keys_unavailable`,
   *   `cross_site`
   */
  authenticate(request: Arrival, wiki: KnownWiki, beside: Beside): Principal | Promise<Principal> {
    const { authMethod } = this.#options.config;
    const header = request.headers.authorization ?? '';
    if (header.startsWith('Bearer ')) return this.#bearer(header.slice(7), request, wiki, beside);
    // A proxy that asks for a password itself hands that on.
    if (header !== '' || authMethod === 'PROXY_HEADER') refuseCrossSite(request);
    const pair = header.startsWith('Basic ') ? basicPair(header.slice(6)) : undefined;
    if (pair && this.#standsAlone(pair.password)) return this.#bearer(pair.password, request, wiki, beside);
    if (authMethod === 'PROXY_HEADER') return this.#proxied(request);
    if (pair) return this.#byPassword(pair, request, wiki);
    if (header !== '') throw authMissing();
    return ANONYMOUS;
  }

  /** Where the caller of a request is, for limits. */
  addressOf(request: Arrival): string {
    return callerAddress(request, isThroughDoor(request.headers, this.#options.secrets));
  }

  /** To be called when this process has changed a token. @param hash SHA-256 of its text, in hex */
  forgetToken(hash: string): void {
    this.#tokens?.forget(hash);
  }

  #bearer(text: string, request: Arrival, wiki: KnownWiki, beside: Beside): Principal | Promise<Principal> {
    const { jwtIssuer, authMethod } = this.#options.config;
    if (this.#keys.matches(text)) return OPERATOR;
    if (/^kw_[\w-]{43}$/.test(text)) return this.#byToken(text, request, wiki, beside);
    if (jwtIssuer !== '') {
      if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return this.#byJwt(text, request);
    } else if (!this.#keys.isSet && authMethod !== 'PROXY_HEADER') throw apiKeyUnset();
    return this.#refuse(request);
  }

  /**
   * Git sends a name and a password, whatever it has: a key, a token or a JWT says by itself who is calling. Behind a proxy, which
   * hands on passwords of its own, a key is none: guesses at it could not be told from these.
   */
  #standsAlone(password: string): boolean {
    const { jwtIssuer, authMethod } = this.#options.config;
    if (/^kw_[\w-]{43}$/.test(password)) return true;
    if (jwtIssuer !== '' && /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(password)) return true;
    return authMethod !== 'PROXY_HEADER' && this.#keys.matches(password);
  }

  #byToken(
    text: string,
    request: Arrival,
    { wikiId }: KnownWiki,
    beside: Beside,
  ): Principal | Promise<Principal> {
    const counted = <T>(look: () => Promise<T>) => this.#counted(request, undefined, look);
    const check = { wikiId, beside, counted };
    return this.#tokens?.check(text, check) ?? this.#loadTokens().then(tokens => tokens.check(text, check));
  }

  async #loadTokens(): Promise<TokenChecks> {
    const { TokenChecks } = await import('./token/token-checks.ts');
    const { store, runtime, config } = this.#options;
    this.#tokens ??= new TokenChecks({ store, runtime, stalenessMs: config.tokenStalenessMs });
    return this.#tokens;
  }

  async #byJwt(text: string, request: Arrival): Promise<Principal> {
    const { config, runtime } = this.#options;
    const { JwtVerifier } = await import('./jwt/jwt-verifier.ts');
    this.#jwts ??= new JwtVerifier(config, runtime);
    const jwts = this.#jwts;
    return await this.#counted(request, undefined, () => jwts.verify(text));
  }

  async #byPassword({ name, password }: BasicPair, request: Arrival, wiki: KnownWiki): Promise<Principal> {
    return await this.#counted(request, name.normalize('NFC').toLowerCase(), async () => {
      const users = await wiki.users?.();
      const principal = await users?.verify(name, password);
      // Also where there are no users: it may have been a guess at the key.
      if (principal === undefined) throw authInvalid('Invalid token, key, or e-mail address and password');
      return principal;
    });
  }

  async #proxied({ headers }: Arrival): Promise<Principal> {
    const { config, secrets, trustsPeers } = this.#options;
    const { proxyPrincipal, UNKNOWN } = await import('./proxy/proxy-principal.ts');
    return trustsPeers || isThroughDoor(headers, secrets) ? proxyPrincipal(headers, config) : UNKNOWN;
  }

  #refuse(request: Arrival): Promise<never> {
    return this.#counted(request, undefined, () => Promise.reject(authInvalid()));
  }

  async #counted<T>(request: Arrival, account: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const { FailedAttempts } = await import('./limit/failed-attempts.ts');
    this.#attempts ??= new FailedAttempts(() => this.#options.runtime.now());
    return await this.#attempts.counted(this.addressOf(request), account, attempt);
  }
}

interface BasicPair {
  /** An e-mail address, where the password is one of a user. */
  name: string;
  password: string;
}

function basicPair(encoded: string): BasicPair | undefined {
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return name === undefined || password === undefined ? undefined : { name, password };
}

/**
 * Who the caller is a browser tells with whatever request a page makes, also one of another site, which could so write without ever
 * seeing an answer. What browsers do not send is no page's. Bearer tokens they do not send unasked.
 * https://www.w3.org/TR/fetch-metadata/
 */
function refuseCrossSite({ method, headers }: Arrival): void {
  const site = headers['sec-fetch-site'];
  const isSafe = method === 'GET' || method === 'HEAD';
  if (!isSafe && (site === 'cross-site' || site === 'same-site')) throw crossSite();
}
