import { KittiwakeError } from '../core/errors.ts';

/** Texts are the wire contract's. */

export function apiKeyUnset(): KittiwakeError {
  return new KittiwakeError('api_key_unset', 'API key not configured on server');
}

export function authMissing(): KittiwakeError {
  return new KittiwakeError('auth_missing', 'Missing or invalid Authorization header');
}

/** @param why for those who are known to hold what they sent; default: the text that says nothing */
export function authInvalid(why = 'Invalid API key'): KittiwakeError {
  return new KittiwakeError('auth_invalid', why);
}

export function tokenOfOtherWiki(): KittiwakeError {
  return new KittiwakeError('token_of_other_wiki', 'Bearer token does not match this wiki');
}

export function rateLimited(retryAfterMs: number): KittiwakeError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new KittiwakeError('rate_limited', `Rate limit exceeded, try again in ${seconds} s`, {
    data: { retryAfterMs },
  });
}

/** The issuer of JWTs cannot be asked for its keys: it is not the caller's fault. */
export function keysUnavailable(url: string, retryAfterMs: number, cause: unknown): KittiwakeError {
  return new KittiwakeError('keys_unavailable', `Reading the keys of "${url}" fails`, {
    data: { url, retryAfterMs },
    cause,
  });
}

export function crossSite(): KittiwakeError {
  return new KittiwakeError('cross_site', 'Not allowed: the page of another site makes this request');
}

export function tokenInvalid(what: string): KittiwakeError {
  return new KittiwakeError('token_invalid', `Invalid token request: ${what}`);
}

export function tokenWider(what: string): KittiwakeError {
  return new KittiwakeError('forbidden', `Not allowed: a token cannot have more than its maker, ${what}`);
}

export function tokenNotFound(id: string): KittiwakeError {
  return new KittiwakeError('token_not_found', `Token not found: ${id}`, { data: { id } });
}

export function tokensFull(maxTokens: number): KittiwakeError {
  return new KittiwakeError(
    'tokens_full',
    `Creating a token fails: its owner has ${maxTokens} already, revoke some`,
    { data: { maxTokens } },
  );
}

/** @param needed the right, or `operator` */
export function forbidden(needed: string): KittiwakeError {
  return new KittiwakeError('forbidden', `Not allowed: this needs the right "${needed}"`, {
    data: { needed },
  });
}
