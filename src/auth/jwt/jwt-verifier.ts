import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Config } from '../../core/config.ts';
import type { Runtime } from '../../core/runtime.ts';
import { authInvalid } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { type FindKey, IssuerKeys } from './issuer-keys.ts';
import { jwtPrincipal } from './jwt-principal.ts';

/** How far the clocks of the issuer and of this machine may be apart. */
const TOLERANCE_SECONDS = 30;

/**
 * Checks JWTs of the configured issuer: signature by one of its keys and of an algorithm that is allowed, issuer, audience, and
 * that now is between `nbf` and `exp`, of which the latter must be there.
 */
export class JwtVerifier {
  readonly #config: Config;
  readonly #runtime: Pick<Runtime, 'now'>;
  readonly #keys: IssuerKeys;

  constructor(config: Config, runtime: Pick<Runtime, 'now'>) {
    this.#config = config;
    this.#runtime = runtime;
    const { jwtKeysUrl, jwtIssuer } = config;
    const url = jwtKeysUrl === '' ? `${jwtIssuer.replace(/\/$/, '')}/.well-known/jwks.json` : jwtKeysUrl;
    this.#keys = new IssuerKeys(url, runtime);
  }

  /** @throws KittiwakeError `auth_invalid`, `keys_unavailable` */
  async verify(text: string): Promise<Principal> {
    const principal = jwtPrincipal(await this.#claims(text), this.#config);
    if (principal === undefined) throw authInvalid('The "sub" of this JWT cannot be used');
    return principal;
  }

  async #claims(text: string): Promise<JWTPayload> {
    try {
      return await this.#check(text, await this.#keys.find());
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw refusalOf(error);
    }
    const renewed = await this.#keys.renewed();
    if (renewed === undefined) throw authInvalid('Invalid JWT');
    try {
      return await this.#check(text, renewed);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async #check(text: string, find: FindKey): Promise<JWTPayload> {
    const { jwtIssuer, jwtAudience, jwtAlgorithms } = this.#config;
    const { payload } = await jwtVerify(text, find, {
      issuer: jwtIssuer,
      audience: jwtAudience.split(/\s+/),
      algorithms: [...jwtAlgorithms],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(this.#runtime.now()),
    });
    return payload;
  }
}

/** Of a JWT whose signature is right it is told that it has expired, of others nothing. */
function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return authInvalid('This JWT has expired');
  return error instanceof errors.JOSEError ? authInvalid('Invalid JWT') : error;
}
